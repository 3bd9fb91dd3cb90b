import CTorch

extension Tensor {
    /// Turns on or off that `backward` computes a gradient for this leaf.
    ///
    /// - Throws: `TensorError` for integers, and for results of recorded operations.
    package func setRequiresGradient(_ on: Bool = true) throws {
        try check(ctorch_set_requires_gradient(handle, on), "setRequiresGradient")
    }

    /// Accumulated gradient (shared memory); nil when there is none.
    package var gradient: Tensor? { try? produceIfAny("gradient") { ctorch_gradient($0, handle) } }

    /// Clears the gradient.
    package func clearGradient() { Tensor.clearGradients([self]) }

    /// Clears the gradients of several tensors.
    package static func clearGradients(_ tensors: [Tensor]) {
        // Fails only for a null handle, which a Tensor never has.
        withHandles(tensors) { _ = ctorch_clear_gradients($0, $1) }
    }

    /// Backpropagates from this scalar: adds its gradients to those of the leaves.
    package func backward() throws { try check(ctorch_backward(handle), "backward") }
}

/// Runs `body` without recording operations for `backward` on this thread.
public func withoutGradients<R>(_ body: () throws -> R) rethrows -> R {
    let previous = ctorch_set_gradients_enabled(false)
    defer { _ = ctorch_set_gradients_enabled(previous) }
    return try body()
}

/// Runs `body` with PyTorch's autocast on this thread: convolutions and matrix products compute in
/// `dtype` (bfloat16 or float16), what needs precision in float32. Run `backward` outside.
///
/// - Parameter dtype: nil turns autocast off inside `body`.
/// - Throws: `TensorError`, before `body` runs, for any other type than these two.
package func withAutocast<R>(_ dtype: DType?, device: Device, _ body: () throws -> R) throws -> R {
    var previous = ctorch_autocast_state()
    let wanted = ctorch_autocast_state(enabled: dtype != nil, dtype: (dtype ?? .bfloat16).rawValue)
    try check(ctorch_autocast_begin(&previous, device.kind.rawValue, wanted), "withAutocast")
    let result = Result { try body() }
    let ended = ctorch_autocast_end(device.kind.rawValue, previous)
    // An error of `body` came first, so it is the one thrown.
    let value = try result.get()
    try check(ended, "withAutocast")
    return value
}

/// Scales the gradients in place so that their common 2-norm is at most `maximum`, as
/// `torch.nn.utils.clip_grad_norm_`. Parameters without a gradient are skipped.
///
/// - Returns: the norm before clipping; infinite or NaN when a gradient is.
@discardableResult
package func clipGradientNorm(_ parameters: [Tensor], maximum: Double) throws -> Double {
    guard maximum > 0 else {
        throw TensorError.invalid("clipGradientNorm", "maximum must be above 0, got \(maximum)")
    }
    var norm = 0.0
    try withHandles(parameters) {
        try check(ctorch_clip_gradient_norm(&norm, $0, $1, maximum), "clipGradientNorm")
    }
    return norm
}
