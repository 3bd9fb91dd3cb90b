import TailorDatasets
import TailorSupport

/// What a split came to, in numbers: `split.json`, and what `tailor split --json` prints.
public struct SplitSummary: Codable, Sendable, Hashable {
    public let source: String
    public let destination: String
    public let mode: SplitDestination.Mode
    public let seed: UInt64
    /// As wanted.
    public let shares: SplitShares
    /// Crops, where images were cropped.
    public let images: Int
    public let groups: Int
    public let classes: [SplitPlan.ClassShare]
    /// The largest difference between a class's share in a part and the wanted one, 0…1.
    public let largestDeviation: Double
    public let warnings: [String]
    public let notes: [String]

    init(source: SplitSource, plan: SplitPlan, destination: SplitDestination) {
        self.source = source.path
        self.destination = destination.path
        mode = destination.mode
        seed = plan.seed
        shares = plan.shares
        images = source.images.count
        groups = plan.groupCount
        classes = plan.classes
        largestDeviation = plan.classes.map { $0.deviation(from: plan.shares) }.max() ?? 0
        warnings = source.warnings + plan.warnings
        notes = source.notes
    }
}
