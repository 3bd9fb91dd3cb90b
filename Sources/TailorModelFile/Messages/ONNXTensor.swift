import Foundation

/// Numbers with a shape (`TensorProto`).
package struct ONNXTensor: WireMessage {
    package var dims: [Int64] = []
    package var dataType = ONNXElementType.undefined
    package var name = ""
    /// Row-major, little endian; shares the memory of the file that it was read from.
    package var rawData = Data()
    /// Read only to be refused: data outside the file.
    package var externalData: [ONNXProperty] = []
    /// Same: 0 for data in the file.
    package var dataLocation: Int32 = 0
    package var unknownFields = UnknownFields()

    package init() {}

    package mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) -> Bool {
        switch field.number {
        case 1: try reader.append(field, to: &dims)
        case 2: dataType = ONNXElementType(rawValue: Int(try reader.int32(field)))
        case 8: name = try reader.string(field)
        case 9: rawData = try reader.data(field)
        case 13: try reader.append(field, to: &externalData)
        case 14: dataLocation = try reader.int32(field)
        default: return false
        }
        return true
    }

    package func write(to writer: inout WireWriter) {
        writer.repeated(1, dims)
        writer.field(2, Int64(dataType.rawValue))
        writer.field(8, name)
        writer.field(9, rawData)
        writer.repeated(13, externalData)
        writer.field(14, Int64(dataLocation))
    }
}

/// What a tensor's elements are (`TensorProto.DataType`). Numbers that are not listed are kept.
package struct ONNXElementType: RawRepresentable, Hashable, Sendable {
    /// −2³¹ ..< 2³¹.
    package let rawValue: Int

    /// Bits above the 32nd are dropped, as the format says.
    package init(rawValue: Int) { self.rawValue = Int(Int32(truncatingIfNeeded: rawValue)) }

    package static let undefined = ONNXElementType(rawValue: 0)
    package static let float = ONNXElementType(rawValue: 1)
    package static let uint8 = ONNXElementType(rawValue: 2)
    package static let int8 = ONNXElementType(rawValue: 3)
    package static let int32 = ONNXElementType(rawValue: 6)
    package static let int64 = ONNXElementType(rawValue: 7)
    package static let bool = ONNXElementType(rawValue: 9)
    package static let float16 = ONNXElementType(rawValue: 10)
}
