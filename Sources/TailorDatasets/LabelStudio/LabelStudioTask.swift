import Foundation
import TailorSupport

/// Task of Label Studio's JSON format: an image to label, with what a model says about it.
///
/// The class is a choice of the control `class`; that an image should be left out, or is unclear, one of the control
/// `decision`, so that no class can be taken for it.
package struct LabelStudioTask: Encodable, Sendable {
    package static let imageName = "image"
    package static let labelName = "class"
    package static let decisionName = "decision"

    package struct Content: Encodable, Sendable {
        /// URL of the image.
        let image: String
        let path: String
        let sha256: String
        let label: String
        let why: String
    }

    package struct Prediction: Encodable, Sendable {
        let modelVersion: String
        let score: Double?
        let result: [Choice]

        private enum CodingKeys: String, CodingKey {
            case modelVersion = "model_version"
            case score, result
        }
    }

    package struct Choice: Encodable, Sendable {
        struct Value: Encodable, Sendable { let choices: [String] }

        let id: String
        let fromName: String
        let toName = LabelStudioTask.imageName
        let type = "choices"
        let value: Value

        private enum CodingKeys: String, CodingKey {
            case id
            case fromName = "from_name"
            case toName = "to_name"
            case type, value
        }
    }

    let data: Content
    let predictions: [Prediction]

    /// - Parameters:
    ///   - imageURL: what comes before a path to make a URL that Label Studio can open.
    ///   - suggestion: class that it looks like, with its probability; nil where there is none.
    ///   - excludes: whether it should rather be left out.
    package init(
        path: String, sha256: String, label: String, why: String, imageURL: String,
        suggestion: (name: String, probability: Double?)?, excludes: Bool
    ) {
        data = Content(
            image: imageURL + Self.percentEncoded(path), path: path, sha256: sha256, label: label, why: why)
        let choice: (String, String)? =
            excludes
            ? (Self.decisionName, LabelDecision.Verdict.exclude.rawValue)
            : suggestion.map { (Self.labelName, $0.name) }
        predictions =
            choice.map { name, value in
                [
                    Prediction(
                        modelVersion: "tailor \(TailorVersion.current)",
                        score: excludes ? nil : suggestion?.probability,
                        result: [Choice(id: "suggestion", fromName: name, value: .init(choices: [value]))])
                ]
            } ?? []
    }

    /// Path as a part of a URL: all but letters, digits, `-._~` and slashes in percent signs.
    static func percentEncoded(_ path: String) -> String {
        let plain = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
        return path.addingPercentEncoding(withAllowedCharacters: plain) ?? path
    }

    /// Labelling interface of a project for these tasks, in Label Studio's XML.
    package static func interface(classes: [String]) -> String {
        func escaped(_ text: String) -> String {
            text.printable.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
                .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
        }
        let choices = classes.map { "    <Choice value=\"\(escaped($0))\"/>" }
        let verdicts = [LabelDecision.Verdict.exclude, .unsure].map {
            "    <Choice value=\"\($0.rawValue)\"/>"
        }
        return """
            <View>
              <Image name="\(imageName)" value="$image"/>
              <Text name="why" value="$why"/>
              <Choices name="\(labelName)" toName="\(imageName)" choice="single">
            \(choices.joined(separator: "\n"))
              </Choices>
              <Choices name="\(decisionName)" toName="\(imageName)" choice="single">
            \(verdicts.joined(separator: "\n"))
              </Choices>
            </View>
            """
    }
}
