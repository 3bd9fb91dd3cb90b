import CTorch

extension Tensor {
    /// Tensor with the same elements in another shape; one extent may be −1 and is inferred. Shares memory if
    /// possible.
    public func reshape(_ shape: [Int]) throws -> Tensor {
        try produce("reshape") { out in shape.withInt64s { ctorch_reshape(out, handle, $0, $1) } }
    }

    /// Flattens the dimensions from `from` on into one: `[n, c, h, w]` from 1 gives `[n, c·h·w]`.
    public func flatten(from: Int = 1) throws -> Tensor {
        try produce("flatten") { ctorch_flatten($0, handle, Int64(from)) }
    }

    /// Permutes the dimensions; shares memory.
    public func permute(_ order: [Int]) throws -> Tensor {
        try produce("permute") { out in order.withInt64s { ctorch_permute(out, handle, $0, $1) } }
    }

    /// Slice `start ..< start + length` of one dimension; shares memory.
    public func narrow(_ dimension: Int, start: Int, length: Int) throws -> Tensor {
        try produce("narrow") {
            ctorch_narrow($0, handle, Int64(dimension), Int64(start), Int64(length))
        }
    }

    /// Selects the slices of one dimension at `indices` (int64 `[n]`); copies.
    public func indexSelect(_ dimension: Int, _ indices: Tensor) throws -> Tensor {
        try produce("indexSelect") {
            ctorch_index_select($0, handle, Int64(dimension), indices.handle)
        }
    }

    /// Concatenates tensors along an existing dimension.
    public static func cat(_ tensors: [Tensor], _ dimension: Int = 0) throws -> Tensor {
        try produce("cat") { out in
            withHandles(tensors) { ctorch_concatenate(out, $0, $1, Int64(dimension)) }
        }
    }

    /// Stacks tensors of one shape along a new dimension.
    public static func stack(_ tensors: [Tensor], _ dimension: Int = 0) throws -> Tensor {
        try produce("stack") { out in
            withHandles(tensors) { ctorch_stack(out, $0, $1, Int64(dimension)) }
        }
    }
}
