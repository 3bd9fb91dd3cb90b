/// A value's name and type (`ValueInfoProto`).
package struct ONNXValueInfo: WireMessage {
    package var name = ""
    package var type: ONNXType?
    package var unknownFields = UnknownFields()

    package init() {}

    package mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) -> Bool {
        switch field.number {
        case 1: name = try reader.string(field)
        case 2: try reader.message(field, into: &type)
        default: return false
        }
        return true
    }

    package func write(to writer: inout WireWriter) {
        writer.field(1, name)
        writer.optional(2, type)
    }
}

/// Type of a value (`TypeProto`); sequences and the like are unknown fields.
package struct ONNXType: WireMessage {
    package var tensorType: ONNXTensorType?
    package var unknownFields = UnknownFields()

    package init() {}

    package mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) -> Bool {
        guard field.number == 1 else { return false }
        try reader.message(field, into: &tensorType)
        return true
    }

    package func write(to writer: inout WireWriter) { writer.optional(1, tensorType) }
}

/// Type of a tensor value (`TypeProto.Tensor`).
package struct ONNXTensorType: WireMessage {
    package var elemType = ONNXElementType.undefined
    /// Shape; `nil` for any, without dimensions for a scalar.
    package var shape: ONNXShape?
    package var unknownFields = UnknownFields()

    package init() {}

    package mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) -> Bool {
        switch field.number {
        case 1: elemType = ONNXElementType(rawValue: Int(try reader.int32(field)))
        case 2: try reader.message(field, into: &shape)
        default: return false
        }
        return true
    }

    package func write(to writer: inout WireWriter) {
        writer.field(1, Int64(elemType.rawValue))
        writer.optional(2, shape)
    }
}

/// Shape of a tensor (`TensorShapeProto`).
package struct ONNXShape: WireMessage {
    package var dim: [ONNXDimension] = []
    package var unknownFields = UnknownFields()

    package init() {}

    package mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) -> Bool {
        guard field.number == 1 else { return false }
        try reader.append(field, to: &dim)
        return true
    }

    package func write(to writer: inout WireWriter) { writer.repeated(1, dim) }
}

/// Dimension of a shape (`TensorShapeProto.Dimension`).
package struct ONNXDimension: WireMessage {
    /// Size of a dimension: a number or a name; the one read last counts.
    package enum Size: Equatable, Sendable {
        case dimValue(Int64)
        /// A symbolic size, the same wherever the name stands.
        case dimParam(String)
    }

    /// Size of the dimension; `nil` for any.
    package var size: Size?
    package var unknownFields = UnknownFields()

    package init() {}

    package mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) -> Bool {
        switch field.number {
        case 1: size = .dimValue(try reader.int64(field))
        case 2: size = .dimParam(try reader.string(field))
        default: return false
        }
        return true
    }

    package func write(to writer: inout WireWriter) {
        switch size {
        case .dimValue(let value): writer.optional(1, value)
        case .dimParam(let name): writer.optional(2, name)
        case nil: break
        }
    }
}

extension ONNXType {
    /// Type of a tensor.
    ///
    /// - Parameter shape: `nil` for any shape.
    package static func tensor(_ element: ONNXElementType, _ shape: [ONNXDimension.Size]?) -> ONNXType {
        var tensor = ONNXTensorType()
        tensor.elemType = element
        tensor.shape = shape.map { sizes in
            var shape = ONNXShape()
            shape.dim = sizes.map { size in
                var dimension = ONNXDimension()
                dimension.size = size
                return dimension
            }
            return shape
        }
        var type = ONNXType()
        type.tensorType = tensor
        return type
    }
}
