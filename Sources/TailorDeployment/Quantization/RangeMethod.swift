import Foundation

/// How the range of an activation that 8 bits cover is chosen from what was seen of it.
public enum RangeMethod: String, CaseIterable, Codable, Sendable {
    /// Everything that was seen.
    case minmax
    /// All but the outermost 0.01 %, half of it on either side that has values.
    case percentile
    /// The clipping under which the 8-bit distribution has the least Kullback–Leibler divergence from the one
    /// seen (Migacz, "8-bit Inference with TensorRT", 2017).
    case entropy

    static let outermostShare = 1e-4
    private static let levels = 256
    /// Bins between two clippings that are tried.
    private static let step = 16

    package func range(_ histogram: ActivationHistogram) -> ClosedRange<Float> {
        guard histogram.binWidth > 0 else { return histogram.range }
        switch self {
        case .minmax: return histogram.range
        case .percentile: return percentileRange(histogram)
        case .entropy: return entropyRange(histogram)
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

    /// Both sides are clipped at the same distance from 0.
    private func entropyRange(_ histogram: ActivationHistogram) -> ClosedRange<Float> {
        var counts = histogram.counts.map(Double.init)
        let zeroBin = min(counts.count - 1, Int((-histogram.range.lowerBound / histogram.binWidth).rounded()))
        // Zeros behind a ReLU are represented exactly whatever is clipped; as a spike they would drown the rest.
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

    /// In nats: of what 256 levels over these bins keep, from what was seen, outliers put into the end bins.
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
            // Where nothing is kept of something seen the divergence would be infinite.
            divergence += p / seenSum * log((p / seenSum) / max(q / keptSum, 1e-12))
        }
        return divergence
    }
}
