import Foundation

/// Task of Label Studio's JSON format: an image to label, with what a model says about it.
///
/// The class is a choice of the control ``labelName``.
package struct LabelStudioTask: Encodable, Sendable {
    package static let imageName = "image"
    package static let labelName = "class"
    /// What comes before a path to make a URL where nothing else is said: Label Studio's own storage of local files.
    package static let localFiles = "/data/local-files/?d="

    package struct Prediction: Encodable, Sendable {
        let modelVersion = "tailor \(TailorVersion.current)"
        /// Probability, 0...1.
        let score: Double?
        let result: [Choice]

        private enum CodingKeys: String, CodingKey {
            case modelVersion = "model_version"
            case score, result
        }

        /// - Parameter control: name of the control whose choice it is.
        package init(_ choice: String, control: String = labelName, score: Double?) {
            self.score = score
            result = [Choice(id: "suggestion", fromName: control, value: .init(choices: [choice]))]
        }
    }

    struct Choice: Encodable, Sendable {
        struct Value: Encodable, Sendable { let choices: [String] }

        let id: String
        let fromName: String
        let toName = imageName
        let type = "choices"
        let value: Value

        private enum CodingKeys: String, CodingKey {
            case id
            case fromName = "from_name"
            case toName = "to_name"
            case type, value
        }
    }

    let data: [String: String]
    let predictions: [Prediction]

    /// - Parameters:
    ///   - imageURL: what comes before `path` to make a URL that Label Studio can open.
    ///   - path: path of the image below what the URL stands for.
    ///   - facts: what else is shown of it; the key `image` is taken.
    package init(imageURL: String, path: String, facts: [String: String], predictions: [Prediction]) {
        data = facts.merging([Self.imageName: imageURL + Self.percentEncoded(path)]) { $1 }
        self.predictions = predictions
    }

    /// Path as a part of a URL: all but letters, digits, `-._~` and slashes in percent signs.
    static func percentEncoded(_ path: String) -> String {
        let plain = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
        return path.addingPercentEncoding(withAllowedCharacters: plain) ?? path
    }

    /// Labelling interface of a project for such tasks, in Label Studio's XML.
    ///
    /// - Parameters:
    ///   - facts: keys of the facts that are shown below the image.
    ///   - decisions: a second control, what else may be chosen instead of a class, and its name.
    package static func interface(
        classes: [String], facts: [String] = [], decisions: (name: String, choices: [String])? = nil
    ) -> String {
        func choices(_ name: String, _ values: [String]) -> [String] {
            ["  <Choices name=\"\(name)\" toName=\"\(imageName)\" choice=\"single\">"]
                + values.map { "    <Choice value=\"\($0.xml)\"/>" } + ["  </Choices>"]
        }
        return
            (["<View>", "  <Image name=\"\(imageName)\" value=\"$\(imageName)\"/>"]
            + facts.map { "  <Text name=\"\($0)\" value=\"$\($0)\"/>" }
            + choices(labelName, classes) + (decisions.map { choices($0.name, $0.choices) } ?? [])
            + ["</View>"]).joined(separator: "\n")
    }
}

extension String {
    /// As the value of an attribute in XML. Line feeds and tabs keep their meaning, other control characters XML has not.
    fileprivate var xml: String {
        unicodeScalars.map { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "\n", "\r", "\t": "&#\(scalar.value);"
            default: String(scalar).printable
            }
        }.joined()
    }
}
