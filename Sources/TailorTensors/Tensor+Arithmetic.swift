import CTorch

extension Tensor {
    // Elementwise operations with PyTorch's broadcasting.

    public func adding(_ other: Tensor) throws -> Tensor { try binary("add", CTORCH_ADD, other) }
    public func adding(_ number: Double) throws -> Tensor { try binary("add", CTORCH_ADD, number) }
    public func subtracting(_ other: Tensor) throws -> Tensor {
        try binary("subtract", CTORCH_SUBTRACT, other)
    }
    public func subtracting(_ number: Double) throws -> Tensor {
        try binary("subtract", CTORCH_SUBTRACT, number)
    }
    public func multiplied(by other: Tensor) throws -> Tensor {
        try binary("multiply", CTORCH_MULTIPLY, other)
    }
    public func multiplied(by number: Double) throws -> Tensor {
        try binary("multiply", CTORCH_MULTIPLY, number)
    }
    public func divided(by other: Tensor) throws -> Tensor { try binary("divide", CTORCH_DIVIDE, other) }
    public func divided(by number: Double) throws -> Tensor { try binary("divide", CTORCH_DIVIDE, number) }

    public static func + (a: Tensor, b: Tensor) throws -> Tensor { try a.adding(b) }
    public static func - (a: Tensor, b: Tensor) throws -> Tensor { try a.subtracting(b) }
    public static func * (a: Tensor, b: Tensor) throws -> Tensor { try a.multiplied(by: b) }
    public static func * (a: Tensor, b: Double) throws -> Tensor { try a.multiplied(by: b) }

    /// Matrix product: `[n, k]` with `[k, m]` gives `[n, m]`; more dimensions as PyTorch's `matmul`.
    public func matmul(_ other: Tensor) throws -> Tensor { try binary("matmul", CTORCH_MATMUL, other) }

    public func relu() throws -> Tensor { try unary("relu", CTORCH_RELU) }
    public func sqrt() throws -> Tensor { try unary("sqrt", CTORCH_SQRT) }
    public func exp() throws -> Tensor { try unary("exp", CTORCH_EXP) }
    public func log() throws -> Tensor { try unary("log", CTORCH_LOG) }
    public func negated() throws -> Tensor { try unary("negate", CTORCH_NEGATE) }
    public func abs() throws -> Tensor { try unary("abs", CTORCH_ABS) }

    /// Sum over `dimensions`; over all of them when the list is empty.
    public func sum(_ dimensions: [Int] = [], keepDimensions: Bool = false) throws -> Tensor {
        try reduced("sum", CTORCH_SUM, dimensions, keepDimensions)
    }

    /// Mean over `dimensions`; over all of them when the list is empty.
    public func mean(_ dimensions: [Int] = [], keepDimensions: Bool = false) throws -> Tensor {
        try reduced("mean", CTORCH_MEAN, dimensions, keepDimensions)
    }

    /// Variance over `dimensions`; over all of them when the list is empty. Unbiased divides by n − 1, as
    /// PyTorch does by default.
    public func variance(
        _ dimensions: [Int] = [], unbiased: Bool = true, keepDimensions: Bool = false
    ) throws -> Tensor {
        try reduced(
            "variance", unbiased ? CTORCH_VARIANCE_UNBIASED : CTORCH_VARIANCE_BIASED, dimensions,
            keepDimensions)
    }

    public func softmax(_ dimension: Int) throws -> Tensor {
        try produce("softmax") { ctorch_softmax($0, handle, Int64(dimension), false) }
    }

    public func logSoftmax(_ dimension: Int) throws -> Tensor {
        try produce("logSoftmax") { ctorch_softmax($0, handle, Int64(dimension), true) }
    }

    /// Indices of the largest elements along `dimension`, int64.
    public func argmax(_ dimension: Int) throws -> Tensor {
        try produce("argmax") { ctorch_argmax($0, handle, Int64(dimension)) }
    }

    /// Eigenvalues `[n]`, ascending, and orthonormal eigenvectors `[n, n]`, one a column, of a symmetric matrix
    /// `[n, n]`, of which the lower triangle is read.
    package func symmetricEigen() throws -> (values: Tensor, vectors: Tensor) {
        var values: OpaquePointer?
        var vectors: OpaquePointer?
        let status = ctorch_symmetric_eigen(&values, &vectors, handle)
        // Owned before anything throws.
        let owned = [values, vectors].map { $0.map(Tensor.init(owning:)) }
        try check(status, "symmetricEigen")
        guard let values = owned[0], let vectors = owned[1] else {
            throw TensorError(kind: .libtorch, operation: "symmetricEigen", message: "no tensor came back")
        }
        return (values, vectors)
    }

    /// Checks that no element is infinite or NaN.
    public func isAllFinite() throws -> Bool { try Tensor.areAllFinite([self]) }

    /// Checks that no element of any tensor is infinite or NaN; synchronizes with a GPU once.
    public static func areAllFinite(_ tensors: [Tensor]) throws -> Bool {
        var finite = false
        try withHandles(tensors) { try check(ctorch_all_finite(&finite, $0, $1), "isAllFinite") }
        return finite
    }

    private func unary(_ name: String, _ operation: Int) throws -> Tensor {
        try produce(name) { ctorch_unary($0, Int32(operation), handle) }
    }

    private func binary(_ name: String, _ operation: Int, _ other: Tensor) throws -> Tensor {
        try produce(name) { ctorch_binary($0, Int32(operation), handle, other.handle) }
    }

    private func binary(_ name: String, _ operation: Int, _ number: Double) throws -> Tensor {
        try produce(name) { ctorch_binary_scalar($0, Int32(operation), handle, number) }
    }

    private func reduced(
        _ name: String, _ reduction: Int, _ dimensions: [Int], _ keep: Bool
    ) throws -> Tensor {
        try produce(name) { out in
            dimensions.withInt64s { ctorch_reduce(out, Int32(reduction), handle, $0, $1, keep) }
        }
    }
}
