import Foundation

/// Course of the learning rate, as a factor on every stage's peak rate: linear warm-up, then a cosine
/// from 1 to 0 (Loshchilov and Hutter, 2017), step by step.
public struct Schedule: Codable, Sendable, Hashable {
    /// Length of the warm-up in epochs; may be a fraction.
    public var warmupEpochs: Double
    /// The factor of the very first step; `1 / warm-up steps` when `nil`.
    public var warmupStart: Double?
    /// Epochs from the end of the warm-up until the cosine reaches 0 (PyTorch's `T_max`); `nil`: what the
    /// phases leave.
    public var cosineEpochs: Double?

    public init(warmupEpochs: Double, warmupStart: Double? = nil, cosineEpochs: Double? = nil) {
        self.warmupEpochs = warmupEpochs
        self.warmupStart = warmupStart
        self.cosineEpochs = cosineEpochs
    }

    /// Factor in 0…1 for the optimiser step with this index, counted from 0 over all phases.
    ///
    /// Equals PyTorch's `SequentialLR([LinearLR(start), CosineAnnealingLR(T_max)])` stepped every
    /// iteration.
    public func factor(step: Int, stepsPerEpoch: Int, totalEpochs: Double) -> Double {
        let warmup = Int((warmupEpochs * Double(stepsPerEpoch)).rounded())
        if step < warmup {
            let start = warmupStart ?? 1 / Double(warmup + 1)
            return start + (1 - start) * Double(step) / Double(warmup)
        }
        let total = Int((totalEpochs * Double(stepsPerEpoch)).rounded())
        let period = cosineEpochs.map { Int(($0 * Double(stepsPerEpoch)).rounded()) } ?? (total - warmup)
        guard period > 0 else { return 1 }
        let position = min(step - warmup, period)
        return 0.5 * (1 + cos(Double.pi * Double(position) / Double(period)))
    }
}
