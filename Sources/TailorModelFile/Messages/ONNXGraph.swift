import Foundation

/// The network (`GraphProto`).
package struct ONNXGraph: WireMessage {
    /// Nodes in topological order.
    package var node: [ONNXNode] = []
    package var name = ""
    /// Constant tensors, weights among them.
    package var initializer: [ONNXTensor] = []
    package var docString = ""
    package var input: [ONNXValueInfo] = []
    package var output: [ONNXValueInfo] = []
    package var unknownFields = UnknownFields()

    package init() {}

    package mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) -> Bool {
        switch field.number {
        case 1: try reader.append(field, to: &node)
        case 2: name = try reader.string(field)
        case 5: try reader.append(field, to: &initializer)
        case 10: docString = try reader.string(field)
        case 11: try reader.append(field, to: &input)
        case 12: try reader.append(field, to: &output)
        default: return false
        }
        return true
    }

    package func write(to writer: inout WireWriter) {
        writer.repeated(1, node)
        writer.field(2, name)
        writer.repeated(5, initializer)
        writer.field(10, docString)
        writer.repeated(11, input)
        writer.repeated(12, output)
    }
}

/// A node: one application of an operator (`NodeProto`).
package struct ONNXNode: WireMessage {
    /// Names of the inputs; an empty one stands for an optional input that is left out.
    package var input: [String] = []
    package var output: [String] = []
    package var name = ""
    package var opType = ""
    package var attribute: [ONNXAttribute] = []
    package var docString = ""
    /// Domain of the operator; empty for ONNX's own.
    package var domain = ""
    package var unknownFields = UnknownFields()

    package init() {}

    package mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) -> Bool {
        switch field.number {
        case 1: try reader.append(field, to: &input)
        case 2: try reader.append(field, to: &output)
        case 3: name = try reader.string(field)
        case 4: opType = try reader.string(field)
        case 5: try reader.append(field, to: &attribute)
        case 6: docString = try reader.string(field)
        case 7: domain = try reader.string(field)
        default: return false
        }
        return true
    }

    package func write(to writer: inout WireWriter) {
        writer.repeated(1, input)
        writer.repeated(2, output)
        writer.field(3, name)
        writer.field(4, opType)
        writer.repeated(5, attribute)
        writer.field(6, docString)
        writer.field(7, domain)
    }
}

/// An attribute of a node (`AttributeProto`).
package struct ONNXAttribute: WireMessage {
    /// Type of the attribute's value (`AttributeProto.AttributeType`). Unknown numbers are kept.
    package struct Kind: RawRepresentable, Hashable, Sendable {
        package let rawValue: Int32
        package init(rawValue: Int32) { self.rawValue = rawValue }

        package static let undefined = Kind(rawValue: 0)
        package static let float = Kind(rawValue: 1)
        package static let int = Kind(rawValue: 2)
        package static let string = Kind(rawValue: 3)
        package static let tensor = Kind(rawValue: 4)
        package static let graph = Kind(rawValue: 5)
        package static let floats = Kind(rawValue: 6)
        package static let ints = Kind(rawValue: 7)
        package static let strings = Kind(rawValue: 8)
    }

    package var name = ""
    /// Float value. 0 is written, too: a missing one would mean the operator's default.
    package var f: Float?
    package var i: Int64?
    package var s = Data()
    package var floats: [Float] = []
    package var ints: [Int64] = []
    package var type = Kind.undefined
    package var unknownFields = UnknownFields()

    package init() {}

    package mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) -> Bool {
        switch field.number {
        case 1: name = try reader.string(field)
        case 2: f = try reader.float(field)
        case 3: i = try reader.int64(field)
        case 4: s = try reader.data(field)
        case 7: try reader.append(field, to: &floats)
        case 8: try reader.append(field, to: &ints)
        case 20: type = Kind(rawValue: try reader.int32(field))
        default: return false
        }
        return true
    }

    package func write(to writer: inout WireWriter) {
        writer.field(1, name)
        writer.optional(2, f)
        writer.optional(3, i)
        writer.field(4, s)
        writer.repeated(7, floats)
        writer.repeated(8, ints)
        writer.field(20, Int64(type.rawValue))
    }
}
