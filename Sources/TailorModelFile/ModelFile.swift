import Foundation
import TailorSupport

/// An ONNX file with everything that is needed to classify: graph, weights and ``ModelDescription``.
///
/// What it holds has been checked: sizes, shapes, operators, the digest, the description.
public struct ModelFile: Sendable {
    /// Larger files are not read, bytes.
    public static let maximumBytes = 1 << 30
    /// Of the description, bytes.
    static let maximumDescriptionBytes = 64 << 20

    static let irVersion: Int64 = 10
    /// What the graph is written for. OpenVINO and ONNX Runtime of the day read it; newer ones bring nothing
    /// that ResNet18 needs.
    package static let opset: Int64 = 17
    static let descriptionKey = "tailor"
    static let digestKey = "tailor.digest"

    public let description: ModelDescription
    /// The whole file.
    public let bytes: Data
    package let graph: ONNXGraph

    /// Reads and checks a file. Throws ``ModelFileError``, and `ContentHashError`, which says nothing of the file.
    public init(contentsOf url: URL) throws {
        let bytes: Data
        do {
            bytes = try RegularFile.contents(of: url, maximumBytes: Self.maximumBytes)
        } catch let error as FileError {
            throw ModelFileError.notAModel(path: url.relativePath, reason: error.reason)
        }
        try self.init(bytes: bytes, name: url.relativePath)
    }

    /// Checks a file's bytes; `name` is what errors call it. Throws ``ModelFileError`` and
    /// `ContentHashError`.
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
        if let defect = GraphCheck.defect(model: model, graph: graph, description: description) {
            throw ModelFileError.refused(path: name, reason: defect)
        }
        self.bytes = bytes
    }

    /// A new file in memory. Throws ``ModelFileError`` when what it would hold could not be read back.
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

    /// The bytes of an ONNX file that holds only a graph; not a model file.
    package static func serialized(_ graph: ONNXGraph) -> Data { model(graph).serializedBytes() }

    private static func model(_ graph: ONNXGraph) -> ONNXModelFile {
        var model = ONNXModelFile()
        model.irVersion = irVersion
        model.producerName = "tailor"
        var operators = ONNXOperatorSet()
        operators.version = opset
        model.opsetImport = [operators]
        model.graph = graph.serializedBytes()
        return model
    }

    /// The same graph under another description.
    package func described(as description: ModelDescription) throws -> ModelFile {
        try ModelFile(graph: graph, description: description)
    }

    /// Writes the file at once or not at all.
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
            if let defect = description.defect() { throw ModelFileError.refused(path: name, reason: defect) }
            return description
        } catch let error as JSONFileError {
            throw ModelFileError.refused(path: name, reason: "its description: \(error)")
        }
    }
}
