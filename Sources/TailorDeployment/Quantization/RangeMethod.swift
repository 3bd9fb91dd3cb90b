import Foundation

/// Method that chooses the range of an activation from its histogram.
public enum RangeMethod: String, CaseIterable, Codable, Sendable {
    /// Smallest to largest value.
    case minmax
    /// Range without the outermost 0.01 % of the values, half of them on either side that has values.
    case percentile
    /// Clipping with the least Kullback–Leibler divergence of the 8-bit distribution from the one measured
    /// (Migacz, "8-bit Inference with TensorRT", 2017).
    case entropy
    /// Clipping with the least mean square error of rounding and clipping.
    case mse

    static let outermostShare = 1e-4
    private static let levels = 256
    /// Step between the clippings tried, in bins.
    private static let step = 16
    /// Number of clippings tried.
    private static let clippings = 100

    /// Chooses a range.
    package func range(_ histogram: ActivationHistogram) -> ClosedRange<Float> {
        guard histogram.binWidth > 0 else { return histogram.range }
        switch self {
        case .minmax: return histogram.range
        case .percentile: return percentileRange(histogram)
        case .entropy: return entropyRange(histogram)
        case .mse: return leastSquaresRange(histogram)
        }
    }

    private func percentileRange(_ histogram: ActivationHistogram) -> ClosedRange<Float> {
        let counts = histogram.counts
        let total = Double(counts.reduce(0, +))
        let twoSided = histogram.range.lowerBound < 0 && histogram.range.upperBound > 0
        let allowed = total * Self.outermostShare / (twoSided ? 2 : 1)
        var (first, last) = (0, counts.count)
        var dropped = 0.0
        if histogram.range.lowerBound < 0 {
            while first < last - 1, dropped + Double(counts[first]) <= allowed {
                dropped += Double(counts[first])
                first += 1
            }
        }
        dropped = 0
        if histogram.range.upperBound > 0 {
            while last > first + 1, dropped + Double(counts[last - 1]) <= allowed {
                dropped += Double(counts[last - 1])
                last -= 1
            }
        }
        return histogram.edge(first)...histogram.edge(last)
    }

    /// Range of least divergence, both sides clipped at the same distance from 0.
    private func entropyRange(_ histogram: ActivationHistogram) -> ClosedRange<Float> {
        var counts = histogram.counts.map(Double.init)
        let zeroBin = min(counts.count - 1, Int((-histogram.range.lowerBound / histogram.binWidth).rounded()))
        // Zeros after a ReLU are exact whatever is clipped; their peak would outweigh the rest.
        counts[zeroBin] = zeroBin + 1 < counts.count ? counts[zeroBin + 1] : counts[max(0, zeroBin - 1)]
        var best = (divergence: Double.infinity, first: 0, last: counts.count)
        let longest = max(zeroBin, counts.count - zeroBin)
        for distance in stride(from: longest, through: Self.step, by: -Self.step) {
            let (first, last) = (max(0, zeroBin - distance), min(counts.count, zeroBin + distance))
            guard last - first >= Self.levels else { break }
            let divergence = Self.divergence(counts, first..<last)
            if divergence < best.divergence { best = (divergence, first, last) }
        }
        return min(0, histogram.edge(best.first))...max(0, histogram.edge(best.last))
    }

    /// Range of least mean square error, both sides clipped by the same share.
    private func leastSquaresRange(_ histogram: ActivationHistogram) -> ClosedRange<Float> {
        let (low, high) = (Double(histogram.range.lowerBound), Double(histogram.range.upperBound))
        let width = Double(histogram.binWidth)
        var best = (error: Double.infinity, share: 1.0)
        for step in 0..<Self.clippings {
            let share = 1 - Double(step) / Double(Self.clippings)
            let level = (high - low) * share / Double(Self.levels - 1)
            // Rounding errors are uniform within half a level.
            let rounding = level * level / 12
            var error = 0.0
            for (bin, count) in histogram.counts.enumerated() where count > 0 {
                let start = low + Double(bin) * width
                // Zero is exact.
                if start <= 0, start + width > 0 { continue }
                let value = start + width / 2
                let beyond = max(value - high * share, low * share - value, 0)
                error += Double(count) * (beyond > 0 ? beyond * beyond : rounding)
            }
            if error < best.error { best = (error, share) }
        }
        return Float(low * best.share)...Float(high * best.share)
    }

    /// Kullback–Leibler divergence, in nats, of 256 levels over these bins from the distribution measured,
    /// outliers added to the end bins.
    private static func divergence(_ counts: [Double], _ range: Range<Int>) -> Double {
        var seen = Array(counts[range])
        guard !seen.isEmpty else { return .infinity }
        let inside = seen
        seen[0] += counts[..<range.lowerBound].reduce(0, +)
        seen[seen.count - 1] += counts[range.upperBound...].reduce(0, +)
        var kept = [Double](repeating: 0, count: seen.count)
        for level in 0..<levels {
            let bins = level * seen.count / levels..<(level + 1) * seen.count / levels
            // A level's mass is spread over those of its bins that are not empty, as in the reference.
            let filled = bins.count { seen[$0] > 0 }
            guard filled > 0 else { continue }
            let each = inside[bins].reduce(0, +) / Double(filled)
            for bin in bins where seen[bin] > 0 { kept[bin] = each }
        }
        let (seenSum, keptSum) = (seen.reduce(0, +), kept.reduce(0, +))
        guard seenSum > 0, keptSum > 0 else { return .infinity }
        var divergence = 0.0
        for (p, q) in zip(seen, kept) where p > 0 {
            // Avoids an infinite divergence where a level is empty.
            divergence += p / seenSum * log((p / seenSum) / max(q / keptSum, 1e-12))
        }
        return divergence
    }
}
