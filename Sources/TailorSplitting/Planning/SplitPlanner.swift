import TailorDatasets
import TailorSupport

/// Image to be assigned to a part of a split.
public struct SplitItem: Sendable, Hashable {
    /// Unique path; also the name of its group if it has none.
    public let path: String
    /// Label: index in the class list.
    public let label: Int
    /// Group whose images stay in one part; nil for a group of its own.
    public let group: String?
    /// Part that the source gives; nil where the planner decides.
    public let part: SplitPart?

    public init(path: String, label: Int, group: String? = nil, part: SplitPart? = nil) {
        self.path = path
        self.label = label
        self.group = group
        self.part = part
    }
}

/// Planner of a stratified, grouped, seeded split into train, val and test.
///
/// Groups are drawn by the hash of the seed and their name, the lowest for test, the next for val, so that
/// adding or removing images hardly moves the others, and their order does not matter. Large groups, and
/// groups of several classes, make the shares deviate; whole groups are then moved, one or two at a time,
/// always those that bring the shares nearest to the targets (there, adding a few images may move some
/// percent of a small dataset's others). A class of three groups or more is in every part, as far as groups
/// of several classes allow; every class is in train.
public struct SplitPlanner: Sendable {
    public let shares: SplitShares
    public let seed: UInt64

    public init(shares: SplitShares = .standard, seed: UInt64) {
        self.shares = shares
        self.seed = seed
    }

    /// Plans a split. Items that all have a part keep theirs.
    ///
    /// - Parameter together: indices of items that must stay in one part, such as near-duplicates; their
    /// groups are
    ///   joined. Lists of fewer than two have no effect.
    /// - Throws: `SplitError.groups` when items of one group have several parts, `SplitError.tooFewGroups` when there are fewer groups than parts, `SplitError.beyond` for a
    /// label
    ///   or an index out of range, `ContentHashError`.
    public func plan(_ items: [SplitItem], classes: ClassList, together: [[Int]] = []) throws -> SplitPlan {
        if let item = items.first(where: { !classes.names.indices.contains($0.label) }) {
            throw SplitError.beyond(
                what: "the label of \(item.path.printable)", index: item.label, count: classes.count)
        }
        if let index = together.joined().first(where: { !items.indices.contains($0) }) {
            throw SplitError.beyond(what: "an image to keep together", index: index, count: items.count)
        }
        if !items.isEmpty, items.allSatisfy({ $0.part != nil }) {
            return try given(items, classes: classes, together: together)
        }
        let units = try SplitUnit.units(of: items, together: together, seed: seed)
        guard units.count >= shares.wanted.count else {
            throw SplitError.tooFewGroups(
                count: units.count,
                groups: Set(items.compactMap(\.group)).sorted { PathKey($0) < PathKey($1) },
                images: items.count, parts: shares.wanted.count)
        }
        let targets = SplitTargets(units: units, classCount: classes.count, shares: shares)
        var balance = SplitBalance(units: units, targets: targets, parts: draw(units, targets: targets))
        balance.improve()
        return SplitPlan(
            items: items, classes: classes, shares: shares, seed: seed, units: units,
            parts: balance.parts, targets: targets)
    }

    /// Draws each unit's part by its position among the units of its rarest class, in the order of their
    /// keys.
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
