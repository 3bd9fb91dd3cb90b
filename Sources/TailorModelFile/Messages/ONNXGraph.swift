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

    package mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
        try visitor.field(1, &node)
        try visitor.field(2, &name)
        try visitor.field(5, &initializer)
        try visitor.field(10, &docString)
        try visitor.field(11, &input)
        try visitor.field(12, &output)
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

    package mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
        try visitor.field(1, &input)
        try visitor.field(2, &output)
        try visitor.field(3, &name)
        try visitor.field(4, &opType)
        try visitor.field(5, &attribute)
        try visitor.field(6, &docString)
        try visitor.field(7, &domain)
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

    package mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
        try visitor.field(1, &name)
        try visitor.field(2, &f)
        try visitor.field(3, &i)
        try visitor.field(4, &s)
        try visitor.field(7, &floats)
        try visitor.field(8, &ints)
        try visitor.field(20, &type)
    }
}
