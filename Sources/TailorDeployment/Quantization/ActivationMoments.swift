/// Mean of each channel of an activation, and how values of one channel vary with their neighbours'.
package struct ActivationMoments: Sendable {
    /// Side of the kernels whose inputs are described.
    static let kernel = 3
    /// Offsets (down, right) of a neighbour within a kernel; the opposite ones are equal.
    static let offsets: [(down: Int, right: Int)] =
        (0..<kernel).map { (0, $0) }
        + (1..<kernel).flatMap { down in (1 - kernel..<kernel).map { (down, $0) } }

    package let channels: Int
    private var count = 0
    private var sums: [Double]
    /// Sums of products, `[channel, offset]`, with the numbers of pairs, `[offset]`.
    private var products: [Double]
    private var pairs = [Int](repeating: 0, count: offsets.count)

    package init(channels: Int) {
        self.channels = channels
        sums = [Double](repeating: 0, count: channels)
        products = [Double](repeating: 0, count: channels * Self.offsets.count)
    }

    /// Adds an image's activation.
    ///
    /// - Parameter values: `[channels, side, side]` row-major.
    package mutating func add(_ values: UnsafeBufferPointer<Float>) {
        let area = values.count / max(channels, 1)
        let side = Int(Double(area).squareRoot().rounded())
        guard side * side * channels == values.count, side > 0 else { return }
        count += area
        for (index, offset) in Self.offsets.enumerated() {
            pairs[index] += max(0, side - offset.down) * max(0, side - abs(offset.right))
        }
        for channel in 0..<channels {
            let plane = UnsafeBufferPointer(rebasing: values[channel * area..<(channel + 1) * area])
            sums[channel] += plane.reduce(0.0) { $0 + Double($1) }
            for (index, offset) in Self.offsets.enumerated() {
                products[channel * Self.offsets.count + index] += Self.product(plane, side, offset)
            }
        }
    }

    private static func product(
        _ plane: UnsafeBufferPointer<Float>, _ side: Int, _ offset: (down: Int, right: Int)
    ) -> Double {
        let columns = max(0, -offset.right)..<max(max(0, -offset.right), side - max(0, offset.right))
        var total = 0.0
        for row in 0..<max(0, side - offset.down) {
            var sum: Float = 0
            let (here, there) = (row * side, (row + offset.down) * side + offset.right)
            for column in columns { sum += plane[here + column] * plane[there + column] }
            total += Double(sum)
        }
        return total
    }

    /// Sum of two.
    package func merged(with other: ActivationMoments) -> ActivationMoments {
        var sum = self
        sum.count += other.count
        for index in sums.indices { sum.sums[index] += other.sums[index] }
        for index in products.indices { sum.products[index] += other.products[index] }
        for index in pairs.indices { sum.pairs[index] += other.pairs[index] }
        return sum
    }

    /// Mean of a channel; 0 before the first image.
    package func mean(_ channel: Int) -> Double { count > 0 ? sums[channel] / Double(count) : 0 }

    /// Covariance of the inputs of a kernel in one channel, `[9, 9]` row-major; a neighbour never seen counts as
    /// independent.
    package func covariance(_ channel: Int) -> [Double] {
        let mean = mean(channel)
        let byOffset = Self.offsets.indices.map { index in
            pairs[index] > 0
                ? products[channel * Self.offsets.count + index] / Double(pairs[index]) - mean * mean : 0
        }
        let taps = Self.kernel * Self.kernel
        return (0..<taps * taps).map { index in
            let (first, second) = (index / taps, index % taps)
            var down = second / Self.kernel - first / Self.kernel
            var right = second % Self.kernel - first % Self.kernel
            if down < 0 || (down == 0 && right < 0) { (down, right) = (-down, -right) }
            let found = Self.offsets.firstIndex { $0.down == down && $0.right == right }
            return found.map { byOffset[$0] } ?? 0
        }
    }
}
