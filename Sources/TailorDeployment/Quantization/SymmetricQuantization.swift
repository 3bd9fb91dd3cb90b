import TailorImages

/// Symmetric quantization of an activation to 8 bits: value ≈ scale × code, code −128...127.
package struct SymmetricQuantization: Sendable, Equatable {
    package let scale: Float

    /// Chooses the scale for a range: its farther end becomes the code 127.
    package init(_ range: ClosedRange<Float>) {
        let largest = max(abs(range.lowerBound), abs(range.upperBound))
        // An activation that is always 0 still needs a scale, and TensorRT one above 0.
        scale = largest > 0 ? max(largest / 127, .leastNormalMagnitude) : 1
    }
}

extension Preprocessing {
    /// Smallest and largest value of a normalised image of any content.
    package var normalizedRange: ClosedRange<Float> {
        let ends = (0..<3).flatMap { channel in
            [UInt8.min, .max].map { normalization.normalized($0, channel: channel) }
        }
        return (ends.min() ?? 0)...(ends.max() ?? 0)
    }
}
