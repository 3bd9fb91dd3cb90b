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

    package mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
        try visitor.field(1, &dims)
        try visitor.field(2, &dataType)
        try visitor.field(8, &name)
        try visitor.field(9, &rawData)
        try visitor.field(13, &externalData)
        try visitor.field(14, &dataLocation)
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
