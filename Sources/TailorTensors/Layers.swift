import CTorch

/// Convolution in two dimensions (cross-correlation).
///
/// - Parameters:
///   - x: `[n, c, height, width]`
///   - weight: `[d, c, k, k]`
///   - bias: `[d]`
/// - Returns: `[n, d, height′, width′]`, height′ = (height + 2·padding − k) / stride + 1.
package func conv2d(
    _ x: Tensor, weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0
) throws -> Tensor {
    try produce("conv2d") {
        ctorch_conv2d($0, x.handle, weight.handle, bias?.handle, Int64(stride), Int64(padding))
    }
}

/// Batch normalisation (Ioffe and Szegedy, 2015) over all dimensions but the second.
///
/// Training: normalises by the batch's mean and biased variance, and updates the running statistics in place
/// by `momentum` (the running variance towards the unbiased one). Otherwise normalises by the running
/// statistics, which stay unchanged.
///
/// - Parameters:
///   - x: `[n, c, …]`; the others are `[c]`.
/// - Throws: `TensorError` when training with one value per channel, which has no variance.
package func batchNorm(
    _ x: Tensor, weight: Tensor, bias: Tensor, runningMean: Tensor, runningVariance: Tensor,
    training: Bool, momentum: Double = 0.1, epsilon: Double = 1e-5
) throws -> Tensor {
    try produce("batchNorm") {
        ctorch_batch_norm(
            $0, x.handle, weight.handle, bias.handle, runningMean.handle, runningVariance.handle,
            training, momentum, epsilon)
    }
}

/// Convolution without bias followed by batch normalisation by the running statistics, computed as one convolution
/// whose weights carry the normalisation's scale (Jacob et al., 2018, section 3.2). Gradients are those of the two.
///
/// - Parameters:
///   - x: `[n, c, height, width]`
///   - weight: `[d, c, k, k]`
///   - normWeight: `[d]`, as are the other statistics and parameters of the normalisation.
///   - residual: added to the result; of its shape.
///   - relu: whether what is negative then becomes 0.
/// - Returns: `[n, d, height′, width′]` as ``conv2d(_:weight:bias:stride:padding:)``.
package func normalizedConv2d(
    _ x: Tensor, weight: Tensor, normWeight: Tensor, normBias: Tensor, runningMean: Tensor,
    runningVariance: Tensor, epsilon: Double = 1e-5, stride: Int = 1, padding: Int = 0,
    adding residual: Tensor? = nil, relu: Bool = false
) throws -> Tensor {
    try produce("normalizedConv2d") {
        ctorch_conv2d_norm(
            $0, x.handle, weight.handle, normWeight.handle, normBias.handle, runningMean.handle,
            runningVariance.handle, epsilon, Int64(stride), Int64(padding), residual?.handle, relu)
    }
}

/// Max pooling over `kernelSize × kernelSize` windows of `[n, c, height, width]`.
package func maxPool2d(
    _ x: Tensor, kernelSize: Int, stride: Int, padding: Int = 0
) throws -> Tensor {
    try produce("maxPool2d") {
        ctorch_max_pool2d($0, x.handle, Int64(kernelSize), Int64(stride), Int64(padding))
    }
}

/// Global average pooling: `[n, c, height, width]` gives `[n, c]`.
package func globalAveragePool(_ x: Tensor) throws -> Tensor { try x.mean([2, 3]) }

/// Linear layer x · weightᵀ + bias: `[n, in]` with weight `[out, in]` and bias `[out]` gives `[n, out]`.
package func linear(_ x: Tensor, weight: Tensor, bias: Tensor? = nil) throws -> Tensor {
    try produce("linear") { ctorch_linear($0, x.handle, weight.handle, bias?.handle) }
}

/// Mean cross-entropy of softmax(logits), in float32 also under autocast.
///
/// With class weights it is PyTorch's weighted mean: the sum of the weighted losses, divided by the sum of
/// the targets' weights. Label smoothing (Szegedy et al., 2016): the target keeps 1 − smoothing, and all
/// classes share the rest.
///
/// - Parameters:
///   - logits: `[n, classes]`
///   - targets: int64 `[n]`, 0 ..< classes
///   - classWeights: `[classes]`
///   - labelSmoothing: 0 … 1
/// - Returns: a scalar.
package func crossEntropy(
    _ logits: Tensor, targets: Tensor, classWeights: Tensor? = nil, labelSmoothing: Double = 0
) throws -> Tensor {
    try produce("crossEntropy") {
        ctorch_cross_entropy(
            $0, logits.handle, targets.handle, classWeights?.handle, labelSmoothing)
    }
}
