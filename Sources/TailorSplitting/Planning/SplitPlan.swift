import TailorDatasets
import TailorSupport

/// Assignment of images to parts, with the shares achieved.
public struct SplitPlan: Sendable {
    /// Part of each item.
    public let parts: [SplitPart]
    /// Group name of each item; joined groups have the first one's name.
    public let groups: [String]
    public let groupCount: Int
    /// Requested shares.
    public let shares: SplitShares
    public let seed: UInt64
    /// Counts and shares of each class, in the order of the class list.
    public let classes: [ClassShare]
    public let warnings: [String]

    /// Counts of one class.
    public struct ClassShare: Codable, Sendable, Hashable {
        public let name: String
        /// Number of groups in which the class occurs.
        public let groups: Int
        public let train: Int
        public let val: Int
        public let test: Int

        public var total: Int { train + val + test }

        public subscript(part: SplitPart) -> Int {
            switch part {
            case .train: train
            case .val: val
            case .test: test
            }
        }

        /// Share of the class in a part, 0…1; 0 for a class without images.
        public func share(_ part: SplitPart) -> Double {
            total > 0 ? Double(self[part]) / Double(total) : 0
        }

        /// Largest difference between a part's share and the requested one, 0…1.
        public func deviation(from shares: SplitShares) -> Double {
            SplitPart.allCases.map { abs(share($0) - shares[$0]) }.max() ?? 0
        }
    }

    init(
        items: [SplitItem], classes: ClassList, planner: SplitPlanner, units: [SplitUnit], parts: [SplitPart],
        targets: SplitTargets
    ) {
        var partOfItem = [SplitPart](repeating: .train, count: items.count)
        var groupOfItem = [String](repeating: "", count: items.count)
        var counts = [Int](repeating: 0, count: 3 * classes.count)
        for (unit, part) in zip(units, parts) {
            for index in unit.items {
                partOfItem[index] = part
                groupOfItem[index] = unit.name
                counts[3 * items[index].label + part.index] += 1
            }
        }
        self.parts = partOfItem
        groups = groupOfItem
        groupCount = units.count
        shares = planner.shares
        seed = planner.seed
        self.classes = classes.names.enumerated().map { label, name in
            ClassShare(
                name: name, groups: targets.groups[label], train: counts[3 * label],
                val: counts[3 * label + 1], test: counts[3 * label + 2])
        }
        warnings = Self.warnings(self.classes, shares: shares, quotas: targets.quotas)
    }

    /// Warnings of classes missing in a part and of shares that the groups do not allow.
    private static func warnings(_ classes: [ClassShare], shares: SplitShares, quotas: [Int]) -> [String] {
        var warnings: [String] = []
        for (label, row) in classes.enumerated() {
            let lacking = SplitPart.allCases.filter { shares[$0] > 0 && row[$0] == 0 }.map(\.rawValue)
            if !lacking.isEmpty {
                let reason =
                    row.groups < shares.wanted.count
                    ? "it has \(counted(row.groups, "group")), and a group is never divided"
                    : "its groups hold other classes too, and no division gives every part a share of all"
                warnings.append(
                    "class \(row.name.printable) has no image in \(lacking.joined(separator: " and ")): \(reason)"
                )
                continue
            }
            let off = SplitPart.allCases.filter {
                10 * abs(row[$0] - quotas[3 * label + $0.index]) > row.total
            }
            if let part = off.first {
                warnings.append(
                    "class \(row.name.printable): \(percent(row.share(part))) of it in \(part.rawValue) instead "
                        + "of \(percent(shares[part])): its groups are large")
            }
        }
        return warnings
    }
}
