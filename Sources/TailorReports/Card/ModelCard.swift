import Foundation
import TailorEvaluation
import TailorImages
import TailorSupport
import TailorTerminal

/// Model card in Markdown, as the Hugging Face Hub shows it: what the model is for, what it was tested on, and what
/// it must not be trusted with.
///
/// Names no file, folder or machine: a card is published.
package struct ModelCard: Sendable {
    /// Figures, and where they come from.
    package enum Figures: Sendable {
        /// Of the test set, and how often it has been used, these figures included.
        case test(MetricsReport, uses: Int)
        /// Of the validation images; `testIsSealed` if there is a test set that was not opened yet.
        case validation(MetricsReport, testIsSealed: Bool)
        case none
    }

    let classes: [String]
    /// Training images of each class.
    let trainCounts: [Int]
    let validationCount: Int
    let figures: Figures
    let preprocessing: Preprocessing
    /// Divisor of the logits before the softmax.
    let temperature: Double
    /// Pretrained weights that training started from, in words.
    let weights: (name: String, licence: String?)?
    /// Whether training came to its end.
    let isFinished: Bool

    package init(
        classes: [String], trainCounts: [Int], validationCount: Int, figures: Figures,
        preprocessing: Preprocessing, temperature: Double, weights: (name: String, licence: String?)?,
        isFinished: Bool = true
    ) {
        self.classes = classes
        self.trainCounts = trainCounts
        self.validationCount = validationCount
        self.figures = figures
        self.preprocessing = preprocessing
        self.temperature = temperature
        self.weights = weights
        self.isFinished = isFinished
    }

    package func markdown() -> String {
        [
            frontMatter, "# ResNet18 for \(subject)", introduction, results, limits, use, preparation,
            training,
        ].joined(separator: "\n\n") + "\n"
    }

    /// Head of the file, in YAML; no text of a user's stands in it.
    private var frontMatter: String {
        var lines = [
            "---", "library_name: timm", "pipeline_tag: image-classification", "tags:",
            "- image-classification",
            "- timm", "- transformers", "- safetensors",
        ]
        if case .test(let test, _) = figures {
            lines += [
                "model-index:", "- name: resnet18", "  results:", "  - task:",
                "      type: image-classification", "    dataset:", "      type: imagefolder",
                "      name: test images of the model's author", "    metrics:", "    - type: accuracy",
                "      value: \(Format.fixed(test.accuracy, digits: 4))", "    - type: f1",
                "      name: macro-F1", "      value: \(Format.fixed(test.macroF1, digits: 4))",
            ]
        }
        return (lines + ["---"]).joined(separator: "\n")
    }

    private var subject: String {
        let names = classes.map(\.markdown)
        return classes.count <= 4
            ? names.dropLast().joined(separator: ", ") + (names.count > 1 ? " and " : "") + (names.last ?? "")
            : "\(Format.count(classes.count)) classes"
    }

    private var introduction: String {
        let start = weights.map { ", starting from \($0.name.markdown)" } ?? ""
        let unfinished =
            isFinished ? "" : " **Training was cut short: this is the best of the epochs that were done.**"
        return """
            Tells \(Format.count(classes.count)) classes of images apart. Trained with Tailor \(TailorVersion.current) on \
            \(Format.count(trainCounts.reduce(0, +), "image"))\(start).\(unfinished) The weights are 32-bit floats.
            """
    }

    private var training: String {
        let rows = zip(classes, trainCounts).map { "| \($0.markdown) | \(Format.count($1)) |" }
        let origin = weights.flatMap { weights in
            weights.licence.map { "\n\nThe pretrained weights' licence: \($0.markdown)." }
        }
        return """
            ## Training
            \(Format.count(validationCount, "validation image")) chose what was kept.

            | class | training images |
            |---|---:|
            \(rows.joined(separator: "\n"))\(origin ?? "")
            """
    }
}

extension String {
    /// As text in Markdown: what would be markup is escaped, what does not print is shown.
    package var markdown: String {
        var text = ""
        for character in printable {
            if "\\`*_[]<>|~&$".contains(character) { text += "\\" }
            text.append(character)
        }
        return text
    }
}
