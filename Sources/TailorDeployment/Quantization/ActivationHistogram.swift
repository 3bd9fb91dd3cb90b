/// How often an activation takes which values, over a range that is known beforehand.
package struct ActivationHistogram: Sendable {
    package static let binCount = 2048

    /// Smallest and largest value seen, widened to hold 0.
    package let range: ClosedRange<Float>
    package private(set) var counts = [Int](repeating: 0, count: binCount)

    package init(range: ClosedRange<Float>) {
        self.range = min(range.lowerBound, 0)...max(range.upperBound, 0)
    }

    /// Width of a bin; 0 when everything is 0.
    package var binWidth: Float { (range.upperBound - range.lowerBound) / Float(Self.binCount) }

    package mutating func add(_ values: UnsafeBufferPointer<Float>) {
        let width = binWidth
        guard width > 0 else { return }
        let (low, perUnit) = (range.lowerBound, 1 / width)
        counts.withUnsafeMutableBufferPointer { counts in
            for value in values {
                let bin = Int(max(0, min(Float(Self.binCount - 1), (value - low) * perUnit)))
                counts[bin] += 1
            }
        }
    }

    /// Both together; of the same range.
    package func merged(with other: ActivationHistogram) -> ActivationHistogram {
        var sum = self
        for bin in counts.indices { sum.counts[bin] += other.counts[bin] }
        return sum
    }

    /// Lower edge of a bin.
    package func edge(_ bin: Int) -> Float { range.lowerBound + Float(bin) * binWidth }
}
