/// Affine quantization of an activation to 8 bits: value ≈ scale × (code − zeroPoint), code 0...255 (Jacob et
/// al., 2018).
package struct AffineQuantization: Sendable, Equatable {
    package let scale: Float
    package let zeroPoint: UInt8

    /// Chooses scale and zero point for a range.
    ///
    /// - Parameter range: widened to hold 0, which must be exact because convolutions pad with it.
    package init(_ range: ClosedRange<Float>) {
        let low = min(range.lowerBound, 0)
        let high = max(range.upperBound, 0)
        // An activation that is always 0 still needs a scale.
        scale = high > low ? (high - low) / 255 : 1
        zeroPoint = UInt8(max(0, min(255, (-low / scale).rounded(.toNearestOrEven))))
    }
}
