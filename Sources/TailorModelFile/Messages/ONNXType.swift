/// A value's name and type (`ValueInfoProto`).
package struct ONNXValueInfo: WireMessage {
    package var name = ""
    package var type: ONNXType?
    package var unknownFields = UnknownFields()

    package init() {}

    package mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
        try visitor.field(1, &name)
        try visitor.field(2, &type)
    }
}

/// Type of a value (`TypeProto`); sequences and the like are unknown fields.
package struct ONNXType: WireMessage {
    package var tensorType: ONNXTensorType?
    package var unknownFields = UnknownFields()

    package init() {}

    package mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
        try visitor.field(1, &tensorType)
    }
}

/// Type of a tensor value (`TypeProto.Tensor`).
package struct ONNXTensorType: WireMessage {
    package var elemType = ONNXElementType.undefined
    /// Shape; `nil` for any, without dimensions for a scalar.
    package var shape: ONNXShape?
    package var unknownFields = UnknownFields()

    package init() {}

    package mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
        try visitor.field(1, &elemType)
        try visitor.field(2, &shape)
    }
}

/// Shape of a tensor (`TensorShapeProto`).
package struct ONNXShape: WireMessage {
    package var dim: [ONNXDimension] = []
    package var unknownFields = UnknownFields()

    package init() {}

    package mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
        try visitor.field(1, &dim)
    }
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

    private var dimValue: Int64? {
        get { if case .dimValue(let value) = size { value } else { nil } }
        set { if let newValue { size = .dimValue(newValue) } }
    }

    private var dimParam: String? {
        get { if case .dimParam(let name) = size { name } else { nil } }
        set { if let newValue { size = .dimParam(newValue) } }
    }

    package mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
        try visitor.field(1, &dimValue)
        try visitor.field(2, &dimParam)
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
