import Foundation

/// A tensor (`TensorProto`).
package struct ONNXTensor: WireMessage {
    package var dims: [Int64] = []
    package var dataType = ONNXElementType.undefined
    package var name = ""
    /// Elements, row-major, little-endian; shares the memory of the file that it was read from.
    package var rawData = Data()
    /// Location of data outside the file, read only to be refused.
    package var externalData: [ONNXProperty] = []
    /// Kind of location, read only to be refused; 0 for data in the file.
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

/// Element type of a tensor (`TensorProto.DataType`). Unknown numbers are kept.
package struct ONNXElementType: RawRepresentable, Hashable, Sendable {
    /// ONNX's number of the type, −2³¹ ..< 2³¹.
    package let rawValue: Int

    /// Creates a type from its number. Bits above the 32nd are dropped, as the format says.
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

extension ONNXElementType {
    /// Bytes of one element; `nil` for types that a model file may not hold.
    package var byteCount: Int64? {
        switch self {
        case .uint8, .int8, .bool: 1
        case .float16: 2
        case .float, .int32: 4
        case .int64: 8
        default: nil
        }
    }
}
