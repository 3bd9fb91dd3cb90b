import Foundation

// The part of ONNX that a model file of Tailor uses (IR version 10; https://onnx.ai/onnx/repo-docs/IR.html).
// Field numbers and enumeration values are ONNX's, so the bytes are those of any ONNX file. Fields that are not
// listed in these messages become unknown fields.

/// A whole ONNX file (`ModelProto`).
package struct ONNXModelFile: WireMessage {
    package var irVersion: Int64 = 0
    package var producerName = ""
    package var producerVersion = ""
    package var domain = ""
    package var modelVersion: Int64 = 0
    package var docString = ""
    /// Serialized ``ONNXGraph``. Kept as bytes because the digest in the metadata covers them as they stand
    /// in the file.
    package var graph = Data()
    /// Offset of ``graph`` in the file, in bytes, for errors within; `nil` if it was not read.
    package private(set) var graphOffset: Int?
    package var opsetImport: [ONNXOperatorSet] = []
    package var metadataProps: [ONNXProperty] = []
    package var unknownFields = UnknownFields()

    package init() {}

    package mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
        try visitor.field(1, &irVersion)
        try visitor.field(2, &producerName)
        try visitor.field(3, &producerVersion)
        try visitor.field(4, &domain)
        try visitor.field(5, &modelVersion)
        try visitor.field(6, &docString)
        try visitor.field(7, &graph, offset: &graphOffset)
        try visitor.field(8, &opsetImport)
        try visitor.field(14, &metadataProps)
    }
}

/// An operator set and its version (`OperatorSetIdProto`).
package struct ONNXOperatorSet: WireMessage {
    /// Domain of the operators; empty for ONNX's own.
    package var domain = ""
    package var version: Int64 = 0
    package var unknownFields = UnknownFields()

    package init() {}

    package mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
        try visitor.field(1, &domain)
        try visitor.field(2, &version)
    }
}

/// A key and its value (`StringStringEntryProto`).
package struct ONNXProperty: WireMessage {
    package var key = ""
    package var value = ""
    package var unknownFields = UnknownFields()

    package init() {}

    package mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
        try visitor.field(1, &key)
        try visitor.field(2, &value)
    }
}
