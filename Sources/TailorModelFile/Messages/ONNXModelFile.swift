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

    package mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) -> Bool {
        switch field.number {
        case 1: irVersion = try reader.int64(field)
        case 2: producerName = try reader.string(field)
        case 3: producerVersion = try reader.string(field)
        case 4: domain = try reader.string(field)
        case 5: modelVersion = try reader.int64(field)
        case 6: docString = try reader.string(field)
        case 7:
            // A runtime would merge a second graph into the first and run what was not validated.
            guard graphOffset == nil else { throw WireError(.repeated(field: 7), at: field.offset) }
            graph = try reader.data(field)
            graphOffset = reader.offset - graph.count
        case 8: try reader.append(field, to: &opsetImport)
        case 14: try reader.append(field, to: &metadataProps)
        default: return false
        }
        return true
    }

    package func write(to writer: inout WireWriter) {
        writer.field(1, irVersion)
        writer.field(2, producerName)
        writer.field(3, producerVersion)
        writer.field(4, domain)
        writer.field(5, modelVersion)
        writer.field(6, docString)
        writer.field(7, graph)
        writer.repeated(8, opsetImport)
        writer.repeated(14, metadataProps)
    }
}

/// An operator set and its version (`OperatorSetIdProto`).
package struct ONNXOperatorSet: WireMessage {
    /// Domain of the operators; empty for ONNX's own.
    package var domain = ""
    package var version: Int64 = 0
    package var unknownFields = UnknownFields()

    package init() {}

    package mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) -> Bool {
        switch field.number {
        case 1: domain = try reader.string(field)
        case 2: version = try reader.int64(field)
        default: return false
        }
        return true
    }

    package func write(to writer: inout WireWriter) {
        writer.field(1, domain)
        writer.field(2, version)
    }
}

/// A key and its value (`StringStringEntryProto`).
package struct ONNXProperty: WireMessage {
    package var key = ""
    package var value = ""
    package var unknownFields = UnknownFields()

    package init() {}

    package mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) -> Bool {
        switch field.number {
        case 1: key = try reader.string(field)
        case 2: value = try reader.string(field)
        default: return false
        }
        return true
    }

    package func write(to writer: inout WireWriter) {
        writer.field(1, key)
        writer.field(2, value)
    }
}
