import TailorSupport

/// Search for the rows of a matrix that point in nearly the same direction, among many.
package struct NearestRows {
    /// Rows of length 1, or 0, padded with zeros to `stride` values.
    private let values: [Float]
    private let count: Int
    private let stride: Int

    /// Rows from which on they are first compared in fewer dimensions.
    private static let manyRows = 10_000
    /// Those dimensions, and how many of the nearest there are compared exactly.
    private static let (projected, shortlist) = (96, 32)
    private static let block = 32

    /// - Parameter values: `count` rows of `dimension` finite values.
    package init(_ values: [Float], dimension: Int) {
        count = values.count / max(dimension, 1)
        stride = (dimension + 7) / 8 * 8
        var rows = [Float](repeating: 0, count: count * stride)
        for row in 0..<count {
            let own = values[row * dimension..<(row + 1) * dimension]
            let length = max(own.reduce(0) { $0 + $1 * $1 }.squareRoot(), 1e-12)
            for (column, value) in own.enumerated() { rows[row * stride + column] = value / length }
        }
        self.values = rows
    }

    /// For each row the `wanted` others with the largest cosine, the nearest first.
    ///
    /// Among many rows, one whose cosine in random directions (Johnson and Lindenstrauss, 1984) is not among the 32
    /// largest is missed.
    package func neighbours(_ wanted: Int, workers: Int, progress: (@Sendable (Int) -> Void)? = nil)
        -> [[Int]]
    {
        guard count > Self.manyRows, stride > 2 * Self.projected else {
            return exactNeighbours(wanted, workers: workers, progress: progress)
        }
        let near = projection(workers: workers)
            .exactNeighbours(max(Self.shortlist, wanted), workers: workers, progress: progress)
        return ParallelMap.run(count, workers: workers, name: "neighbours") { row in
            near[row].map { ($0, cosine(row, $0)) }.sorted { ($0.1, $1.0) > ($1.1, $0.0) }.prefix(wanted)
                .map { $0.0 }
        }
    }

    private func cosine(_ a: Int, _ b: Int) -> Float {
        values.withUnsafeBufferPointer { values in
            var sum = SIMD8<Float>.zero
            let left = UnsafeRawPointer(values.baseAddress! + a * stride)
            let right = UnsafeRawPointer(values.baseAddress! + b * stride)
            for offset in Swift.stride(from: 0, to: 4 * stride, by: 32) {
                sum +=
                    left.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
                    * right.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
            }
            return sum.sum()
        }
    }

    /// Rows in random directions.
    private func projection(workers: Int) -> NearestRows {
        var generator = SeededGenerator(seed: 0x7A11)
        let directions = NearestRows(
            (0..<Self.projected * stride).map { _ in Float(generator.uniform(-1...1)) }, dimension: stride)
        let rows = ParallelMap.run(count, workers: workers, name: "neighbours") { row -> [Float] in
            let own = Array(values[row * stride..<(row + 1) * stride])
            return (0..<Self.projected).map {
                dot(own, Array(directions.values[$0 * stride..<($0 + 1) * stride]))
            }
        }
        return NearestRows(Array(rows.joined()), dimension: Self.projected)
    }

    private func exactNeighbours(_ wanted: Int, workers: Int, progress: (@Sendable (Int) -> Void)?) -> [[Int]]
    {
        let (size, count) = (Self.block, count)
        let blocks = (count + size - 1) / size
        var report: (@Sendable (Int) -> Void)?
        if let progress { report = { done in progress(min(done * size, count)) } }
        let found = ParallelMap.run(blocks, workers: workers, name: "neighbours", progress: report) {
            block -> [[Int]] in
            let rows = block * size..<min(count, (block + 1) * size)
            var best = rows.map { _ in Nearest(wanted) }
            values.withUnsafeBufferPointer { values in
                // Blocks against blocks, which stay in the cache.
                for start in Swift.stride(from: 0, to: count, by: size) {
                    for first in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: 4) {
                        let four = SIMD4<Int>(first, first + 1, first + 2, first + 3)
                            .clamped(lowerBound: .zero, upperBound: .init(repeating: count - 1))
                        for other in start..<min(count, start + size) {
                            let scores = cosines(values, four, other)
                            for lane in 0..<min(4, rows.upperBound - first) where first + lane != other {
                                best[first + lane - rows.lowerBound].offer(scores[lane], other)
                            }
                        }
                    }
                }
            }
            return best.map(\.indices)
        }
        return Array(found.joined())
    }

    @inline(__always)
    private func cosines(_ values: UnsafeBufferPointer<Float>, _ rows: SIMD4<Int>, _ other: Int) -> SIMD4<
        Float
    > {
        let base = UnsafeRawPointer(values.baseAddress!)
        let (a, b) = (base + 4 * rows[0] * stride, base + 4 * rows[1] * stride)
        let (c, d) = (base + 4 * rows[2] * stride, base + 4 * rows[3] * stride)
        let right = base + 4 * other * stride
        var sums = (SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero)
        for offset in Swift.stride(from: 0, to: 4 * stride, by: 32) {
            let theirs = right.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
            sums.0 += a.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self) * theirs
            sums.1 += b.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self) * theirs
            sums.2 += c.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self) * theirs
            sums.3 += d.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self) * theirs
        }
        return SIMD4(sums.0.sum(), sums.1.sum(), sums.2.sum(), sums.3.sum())
    }

    /// The largest scores so far and whose they are, in descending order.
    private struct Nearest {
        private let wanted: Int
        private var scores: [Float] = []
        private(set) var indices: [Int] = []
        private var least = -Float.infinity

        init(_ wanted: Int) { self.wanted = wanted }

        mutating func offer(_ score: Float, _ index: Int) {
            guard score > least else { return }
            var place = scores.count
            while place > 0, scores[place - 1] < score { place -= 1 }
            guard place < wanted else { return }
            scores.insert(score, at: place)
            indices.insert(index, at: place)
            if scores.count > wanted {
                scores.removeLast()
                indices.removeLast()
            }
            if scores.count == wanted { least = scores[wanted - 1] }
        }
    }
}
