import TailorSupport

/// Sampler of an epoch's order, which depends only on seed and epoch.
package struct EpochSampler: Sendable {
    package enum Strategy: String, Codable, CaseIterable, Sendable {
        /// Visits each sample once, shuffled.
        case shuffled
        /// Visits every class as often as the largest, by repeating samples of smaller ones evenly.
        case oversampled
        /// Visits each sample once, in the given order.
        case sequential
    }

    package let labels: [Int]
    package let strategy: Strategy
    package let seed: UInt64

    package init(labels: [Int], strategy: Strategy = .shuffled, seed: UInt64) {
        self.labels = labels
        self.strategy = strategy
        self.seed = seed
    }

    /// Order of an epoch as indices into the samples.
    package func order(epoch: Int) -> [Int] {
        var generator = SeededGenerator(
            seed: seed, streams: StreamPurpose.order, UInt64(bitPattern: Int64(epoch)))
        switch strategy {
        case .sequential:
            return Array(labels.indices)
        case .shuffled:
            var order = Array(labels.indices)
            generator.shuffle(&order)
            return order
        case .oversampled:
            return oversampled(&generator)
        }
    }

    /// Number of samples that an epoch visits.
    package var count: Int {
        guard strategy == .oversampled else { return labels.count }
        let sizes = Dictionary(grouping: labels, by: { $0 }).values.map(\.count)
        return (sizes.max() ?? 0) * sizes.count
    }

    private func oversampled(_ generator: inout SeededGenerator) -> [Int] {
        let classes = Dictionary(grouping: labels.indices) { labels[$0] }.sorted { $0.key < $1.key }
        let target = classes.map(\.value.count).max() ?? 0
        var order: [Int] = []
        order.reserveCapacity(target * classes.count)
        for (_, members) in classes {
            var shuffled = members
            generator.shuffle(&shuffled)
            for position in 0..<target { order.append(shuffled[position % shuffled.count]) }
        }
        generator.shuffle(&order)
        return order
    }
}

/// Stream numbers that separate the random numbers of different uses.
enum StreamPurpose {
    static let order: UInt64 = 0x6F72_6465_72
    static let augmentation: UInt64 = 0x6175_676D
}
