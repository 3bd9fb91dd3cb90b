import TailorTensors

/// Arithmetic of forward and backward passes; parameters and optimiser state stay in 32 bits.
public enum TrainingPrecision: String, Codable, Sendable, CaseIterable {
    /// bf16 where it is faster on the processor or GPU, else fp32.
    case automatic = "auto"
    case float32 = "fp32"
    case bfloat16 = "bf16"
    /// 16-bit floats with gradient scaling, because small gradients underflow.
    case float16 = "fp16"
}

extension TrainingPrecision {
    /// Replaces `automatic` by what suits a device: bf16 only where it is faster: emulated it is many times
    /// slower than fp32.
    public func resolved(on device: Device) -> TrainingPrecision {
        guard self == .automatic else { return self }
        return TorchRuntime.supportsFastBFloat16(device) ? .bfloat16 : .float32
    }

    /// Type of the autocast; `nil` for fp32.
    public var autocastType: DType? {
        switch self {
        case .bfloat16: .bfloat16
        case .float16: .float16
        case .float32, .automatic: nil
        }
    }
}
