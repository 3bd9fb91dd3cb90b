import TailorTensors

extension Precision {
    /// Replaces `automatic` by what suits a device: bf16 only where it is computed natively, since emulated it
    /// is many times slower than fp32.
    public func resolved(on device: Device) -> Precision {
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
