import Foundation
import TailorSupport

/// A model file: ONNX with graph, weights and ``ModelDescription``.
///
/// A value has been validated: sizes, shapes, operators, digest, description.
public struct ModelFile: Sendable {
    /// Largest file that is read, in bytes.
    static let maximumBytes = 1 << 30
    /// Largest description that is read, in bytes.
    static let maximumDescriptionBytes = 64 << 20

    static let irVersion: Int64 = 10
    /// Version of ONNX's operator set. Newer ones bring nothing that ResNet18 needs.
    package static let opset: Int64 = 17
    static let descriptionKey = "tailor"
    static let digestKey = "tailor.digest"

    public let description: ModelDescription
    /// Bytes of the whole file.
    public let bytes: Data
    package let graph: ONNXGraph

    /// Reads and validates a file. Throws ``ModelFileError``; `ContentHashError` if no hash can be computed.
    public init(contentsOf url: URL) throws {
        let bytes: Data
        do {
            bytes = try RegularFile.contents(of: url, maximumBytes: Self.maximumBytes)
        } catch let error as FileError {
            throw ModelFileError.notAModel(path: url.relativePath, reason: error.reason)
        }
        try self.init(bytes: bytes, name: url.relativePath)
    }

    /// Validates a file's bytes; errors call it `name`. Throws ``ModelFileError`` and `ContentHashError`.
    public init(bytes: Data, name: String) throws {
        guard bytes.count <= Self.maximumBytes else {
            throw ModelFileError.refused(
                path: name, reason: "\(bytes.count) bytes, more than \(Self.maximumBytes)")
        }
        let model: ONNXModelFile
        do {
            model = try ONNXModelFile(serializedBytes: bytes)
        } catch {
            throw ModelFileError.notAModel(
                path: name, reason: "its bytes are no ONNX (cut off, or something else): \(error)")
        }
        let entries = model.metadataProps.filter { $0.key == Self.descriptionKey }
        guard let entry = entries.first, entries.count == 1 else {
            throw ModelFileError.notAModel(
                path: name,
                reason: "no metadata under \"\(Self.descriptionKey)\"; was it written by tailor export?")
        }
        let digests = model.metadataProps.filter { $0.key == Self.digestKey }.map(\.value)
        let actual = try Self.digest(graph: model.graph, description: entry.value)
        guard digests == [actual] else {
            throw ModelFileError.damaged(
                path: name,
                reason: "SHA-256 of graph and description: expected \(digests.first ?? "one"), got \(actual)")
        }
        description = try Self.parseDescription(entry.value, name: name)
        do {
            graph = try ONNXGraph(serializedBytes: model.graph, offset: model.graphOffset ?? 0)
        } catch {
            throw ModelFileError.refused(path: name, reason: "its graph is no ONNX graph: \(error)")
        }
        if let problem = GraphCheck.firstProblem(model: model, graph: graph, description: description) {
            throw ModelFileError.refused(path: name, reason: problem)
        }
        self.bytes = bytes
    }

    /// Creates a file in memory. Throws ``ModelFileError`` if it would not pass validation.
    package init(graph: ONNXGraph, description: ModelDescription) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = String(decoding: try encoder.encode(description), as: UTF8.self)
        var model = Self.model(graph)
        model.producerVersion = description.tailorVersion
        model.docString = "ResNet18, \(description.classes.count) classes"
        model.metadataProps = [
            Self.property(Self.descriptionKey, json),
            Self.property(Self.digestKey, try Self.digest(graph: model.graph, description: json)),
        ]
        try self.init(bytes: model.serializedBytes(), name: "the new model")
    }

    private static let producer = "tailor"

    /// Sign by which an earlier file is known, which may be replaced: the second field, a text of six bytes.
    package static let mark = OutputFile.Mark(kind: "a model file", text: "\u{12}\u{06}" + producer)

    /// Serializes an ONNX file that holds only a graph; not a model file.
    ///
    /// - Parameter versions: of the format and of the operator set.
    package static func serialized(
        _ graph: ONNXGraph, versions: (ir: Int64, opset: Int64) = (irVersion, opset)
    ) -> Data {
        model(graph, versions: versions).serializedBytes()
    }

    private static func model(
        _ graph: ONNXGraph, versions: (ir: Int64, opset: Int64) = (irVersion, opset)
    ) -> ONNXModelFile {
        var model = ONNXModelFile()
        model.irVersion = versions.ir
        model.producerName = Self.producer
        var operators = ONNXOperatorSet()
        operators.version = versions.opset
        model.opsetImport = [operators]
        model.graph = graph.serializedBytes()
        return model
    }

    /// Creates a file of the same graph with another description.
    package func described(as description: ModelDescription) throws -> ModelFile {
        try ModelFile(graph: graph, description: description)
    }

    /// Writes the file atomically.
    public func write(to url: URL) throws { try AtomicFile.write(bytes, to: url) }

    private static func property(_ key: String, _ value: String) -> ONNXProperty {
        var property = ONNXProperty()
        property.key = key
        property.value = value
        return property
    }

    private static func digest(graph: Data, description: String) throws -> String {
        var hash = try ContentHasher()
        try hash.update(graph)
        try hash.update(description)
        return try hash.finish()
    }

    private static func parseDescription(_ json: String, name: String) throws -> ModelDescription {
        guard json.utf8.count <= maximumDescriptionBytes else {
            throw ModelFileError.refused(path: name, reason: "a description of \(json.utf8.count) bytes")
        }
        struct SchemaOnly: Codable { var schema: Int }
        let data = Data(json.utf8)
        do {
            let found = try JSONFile.decode(SchemaOnly.self, from: data, path: name).schema
            guard found <= ModelDescription.currentSchema else {
                throw ModelFileError.newerSchema(
                    path: name, found: found, supported: ModelDescription.currentSchema)
            }
            let description = try JSONFile.decode(ModelDescription.self, from: data, path: name)
            if let problem = description.firstProblem() {
                throw ModelFileError.refused(path: name, reason: problem)
            }
            return description
        } catch let error as JSONFileError {
            throw ModelFileError.refused(path: name, reason: "its description: \(error)")
        }
    }
}

/// An error that says why a file is not accepted as a model.
public enum ModelFileError: CategorizedError, Equatable, Sendable {
    /// The file is no ONNX file, or Tailor did not write it.
    case notAModel(path: String, reason: String)
    /// The file has changed since Tailor wrote it.
    case damaged(path: String, reason: String)
    /// The file contains what a model file may not contain.
    case refused(path: String, reason: String)
    case newerSchema(path: String, found: Int, supported: Int)

    public var category: ErrorCategory { .input }

    public var description: String {
        switch self {
        case .notAModel(let path, let reason): "\(path): not a model file of Tailor: \(reason)"
        case .damaged(let path, let reason): "\(path): damaged model file: \(reason)"
        case .refused(let path, let reason): "\(path): refused: \(reason)"
        case .newerSchema(let path, let found, let supported):
            "\(path): written by a newer version (schema \(found), this program reads up to \(supported))"
        }
    }
}
