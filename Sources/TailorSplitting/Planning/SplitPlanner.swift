import TailorDatasets
import TailorSupport

/// An image to be put on one side of a split.
public struct SplitItem: Sendable, Hashable {
    /// Tells it from the others; the name of its group when it has no other.
    public let path: String
    /// Index in the class list.
    public let label: Int
    /// Images of one group stay on one side. Nil: a group of its own.
    public let group: String?

    public init(path: String, label: Int, group: String? = nil) {
        self.path = path
        self.label = label
        self.group = group
    }
}

/// Divides images into train, val and test: class by class, group by group, by seed.
///
/// Groups are drawn by the hash of the seed and their name, the lowest for test, the next for val: adding
/// or removing images hardly moves the others, and their order does not count. Large groups, and groups of
/// several classes, leave shares that are off; whole groups then change sides, one or two at a time, always
/// those that bring the shares nearest to what is wanted (there, a few more images may move some percent of
/// a small dataset's others). A class of three groups or more is in every part,
/// as far as groups of several classes allow; every class is in train.
public struct SplitPlanner: Sendable {
    public let shares: SplitShares
    public let seed: UInt64

    public init(shares: SplitShares = .standard, seed: UInt64) {
        self.shares = shares
        self.seed = seed
    }

    /// - Parameter together: indices of items that must stay on one side, whatever their groups, which are
    ///   thereby joined: near-duplicates. A list of one, or of none, says nothing.
    /// Throws `SplitError.tooFewGroups` when there are fewer groups than parts, and `SplitError.beyond` for
    /// a label or an index out of range; `ContentHashError`.
    public func plan(_ items: [SplitItem], classes: ClassList, together: [[Int]] = []) throws -> SplitPlan {
        if let item = items.first(where: { !classes.names.indices.contains($0.label) }) {
            throw SplitError.beyond(
                what: "the label of \(item.path.printable)", index: item.label, count: classes.count)
        }
        if let index = together.joined().first(where: { !items.indices.contains($0) }) {
            throw SplitError.beyond(what: "an image to keep together", index: index, count: items.count)
        }
        let units = try SplitUnit.units(of: items, together: together, seed: seed)
        guard units.count >= shares.wanted.count else {
            throw SplitError.tooFewGroups(count: units.count, images: items.count, parts: shares.wanted.count)
        }
        let targets = SplitTargets(units: units, classCount: classes.count, shares: shares)
        var balance = SplitBalance(units: units, targets: targets, parts: draw(units, targets: targets))
        balance.improve()
        return SplitPlan(
            items: items, classes: classes, planner: self, units: units, parts: balance.parts,
            targets: targets)
    }

    /// Each unit's part by its place among those of its rarest class, in the order of their keys.
    private func draw(_ units: [SplitUnit], targets: SplitTargets) -> [SplitPart] {
        var parts = [SplitPart](repeating: .train, count: units.count)
        let byLeader = Dictionary(grouping: units.indices) { index in
            units[index].counts.min { targets.totals[$0.label] < targets.totals[$1.label] }?.label ?? 0
        }
        for (leader, indices) in byLeader {
            let sizes = indices.map { units[$0].count(of: leader) }
            let quotas = shares.quotas(count: sizes.reduce(0, +), groups: indices.count)
            let (testEnd, valEnd) = (2 * quotas[2], 2 * (quotas[1] + quotas[2]))
            var start = 0
            for (index, size) in zip(indices, sizes) {
                // Twice the middle of the unit, to stay with integers.
                let middle = 2 * start + size
                parts[index] = middle < testEnd ? .test : middle < valEnd ? .val : .train
                start += size
            }
        }
        return parts
    }
}
