import Foundation
import TailorDatasets
import TailorImages
import TailorSupport

/// Metadata of a weight file: class names in the order of the outputs, and the
/// preprocessing its inputs need.
package struct ModelMetadata: Sendable, Hashable {
    package static let format = "tailor.resnet18"

    /// Sign by which an earlier weight file is known, which may be replaced.
    package static let mark = OutputFile.Mark(kind: "a weight file", text: format)

    package var classes: [String]
    package var preprocessing: Preprocessing

    package init(_ classes: [String], _ preprocessing: Preprocessing) {
        self.classes = classes
        self.preprocessing = preprocessing
    }

    /// Encodes it for safetensors, whose metadata are strings: lists and values become JSON.
    package func encoded() throws -> [String: String] {
        func json(_ value: some Encodable) throws -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        }
        return [
            "format": Self.format, "classes": try json(classes),
            "preprocessing": try json(preprocessing),
            "tailor_version": TailorVersion.current,
        ]
    }
}
