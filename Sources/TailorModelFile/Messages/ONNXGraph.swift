/// The network (`GraphProto`).
package struct ONNXGraph: WireMessage {
    /// Each before those that use what it gives.
    package var node: [ONNXNode] = []
    package var name = ""
    /// Weights and other constants.
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
