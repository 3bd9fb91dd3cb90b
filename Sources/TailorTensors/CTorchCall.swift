// Calls into CTorch: every handle and status passes through this file.

import CTorch

/// Throws `TensorError` with libtorch's message unless `status` is success.
///
/// The message lies in a thread-local of the shim, so it is read at once.
func check(_ status: ctorch_status, _ operation: String) throws {
    guard status != CTORCH_OK else { return }
    throw TensorError(
        kind: status == CTORCH_OUT_OF_MEMORY ? .outOfMemory : .libtorch, operation: operation,
        message: String(cString: ctorch_last_error()))
}

/// Calls a shim function that returns a tensor (+1) and wraps the handle.
func produce(
    _ operation: String, _ body: (UnsafeMutablePointer<OpaquePointer?>) -> ctorch_status
) throws -> Tensor {
    guard let tensor = try produceIfAny(operation, body) else {
        throw TensorError(kind: .libtorch, operation: operation, message: "no tensor came back")
    }
    return tensor
}

/// Calls a shim function that may return no tensor; otherwise as `produce`.
func produceIfAny(
    _ operation: String, _ body: (UnsafeMutablePointer<OpaquePointer?>) -> ctorch_status
) throws -> Tensor? {
    var handle: OpaquePointer?
    try check(body(&handle), operation)
    return handle.map(Tensor.init(owning:))
}

/// Passes the handles of several tensors (borrowed) as a C array.
func withHandles<R>(
    _ tensors: [Tensor], _ body: (UnsafePointer<OpaquePointer?>?, Int) throws -> R
) rethrows -> R {
    try withExtendedLifetime(tensors) {
        let handles = tensors.map { Optional($0.handle) }
        return try handles.withUnsafeBufferPointer { try body($0.baseAddress, $0.count) }
    }
}

extension Array where Element == Int {
    /// Passes a shape or a list of dimensions as a C array.
    func withInt64s<R>(_ body: (UnsafePointer<Int64>?, Int32) throws -> R) rethrows -> R {
        try map(Int64.init).withUnsafeBufferPointer { try body($0.baseAddress, Int32(clamping: $0.count)) }
    }
}

/// Number of tensors and generators in the process that are not yet freed; for tests of leaks.
package var liveTorchHandles: Int { Int(ctorch_live_handles()) }
