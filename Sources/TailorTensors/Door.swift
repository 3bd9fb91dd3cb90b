// The one door to C: every handle and status of CTorch passes through this file.

import CTorch

/// Throws what libtorch said when `status` is not success.
///
/// The text waits in a thread-local of the shim; it is read at once.
func check(_ status: ctorch_status, _ operation: String) throws {
    guard status != CTORCH_OK else { return }
    throw TensorError(
        kind: status == CTORCH_OUT_OF_MEMORY ? .outOfMemory : .libtorch, operation: operation,
        message: String(cString: ctorch_last_error()))
}

/// Runs a shim function that hands out a tensor (+1) and wraps the handle.
func produce(
    _ operation: String, _ body: (UnsafeMutablePointer<OpaquePointer?>) -> ctorch_status
) throws -> Tensor {
    guard let tensor = try produceIfAny(operation, body) else {
        throw TensorError(kind: .libtorch, operation: operation, message: "no tensor came back")
    }
    return tensor
}

/// As `produce`, for functions whose answer may be "none".
func produceIfAny(
    _ operation: String, _ body: (UnsafeMutablePointer<OpaquePointer?>) -> ctorch_status
) throws -> Tensor? {
    var handle: OpaquePointer?
    try check(body(&handle), operation)
    return handle.map(Tensor.init(owning:))
}

/// Lends the handles of several tensors (borrowed) as a C array.
func withHandles<R>(
    _ tensors: [Tensor], _ body: (UnsafePointer<OpaquePointer?>?, Int) throws -> R
) rethrows -> R {
    try withExtendedLifetime(tensors) {
        let handles = tensors.map { Optional($0.handle) }
        return try handles.withUnsafeBufferPointer { try body($0.baseAddress, $0.count) }
    }
}

extension Array where Element == Int {
    /// Lends a shape or a list of dimensions as C wants it.
    func withInt64s<R>(_ body: (UnsafePointer<Int64>?, Int32) throws -> R) rethrows -> R {
        try map(Int64.init).withUnsafeBufferPointer { try body($0.baseAddress, Int32(clamping: $0.count)) }
    }
}

/// Live handles of the whole process: tensors and generators not yet freed. For tests of leaks.
public var liveTorchHandles: Int { Int(ctorch_live_handles()) }
