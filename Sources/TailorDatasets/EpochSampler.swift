import TailorSupport

/// The order in which an epoch visits the samples; the same for the same seed and epoch.
public struct EpochSampler: Sendable {
    public enum Strategy: String, Codable, CaseIterable, Sendable {
        /// Each sample once, shuffled.
        case shuffled
        /// Every class as often as the largest: samples of smaller ones come again, each about as often as
        /// the others of its class.
        case oversampled
        /// Each sample once, as they stand.
        case sequential
    }

    public let labels: [Int]
    public let strategy: Strategy
    public let seed: UInt64

    public init(labels: [Int], strategy: Strategy = .shuffled, seed: UInt64) {
        self.labels = labels
        self.strategy = strategy
        self.seed = seed
    }

    /// Indices into the samples.
    public func order(epoch: Int) -> [Int] {
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

    /// How many samples an epoch visits.
    public var count: Int {
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

/// Keeps the random numbers of different uses apart.
enum StreamPurpose {
    static let order: UInt64 = 0x6F72_6465_72
    static let augmentation: UInt64 = 0x6175_676D
}
