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
    /// Whether the source gave the parts; `shares` are then those that it has.
    public let isGiven: Bool

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
        items: [SplitItem], classes: ClassList, shares: SplitShares, seed: UInt64, units: [SplitUnit],
        parts: [SplitPart], targets: SplitTargets, given: [String]? = nil
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
        self.shares = shares
        self.seed = seed
        isGiven = given != nil
        self.classes = classes.names.enumerated().map { label, name in
            ClassShare(
                name: name, groups: targets.groups[label], train: counts[3 * label],
                val: counts[3 * label + 1], test: counts[3 * label + 2])
        }
        warnings =
            (given ?? [])
            + Self.warnings(self.classes, shares: shares, quotas: given == nil ? targets.quotas : nil)
    }

    /// Warnings of classes missing in a part and of shares that the groups do not allow; without quotas, the
    /// source gave the parts.
    private static func warnings(
        _ classes: [ClassShare], shares: SplitShares, quotas: [Int]?
    ) -> [String] {
        var warnings: [String] = []
        var lacking: [Lack: [ClassShare]] = [:]
        for (label, row) in classes.enumerated() {
            let parts = SplitPart.allCases.filter { shares[$0] > 0 && row[$0] == 0 }
            if !parts.isEmpty {
                let isSmall = quotas == nil || row.groups < shares.wanted.count
                lacking[Lack(parts: parts, isSmall: isSmall, isGiven: quotas == nil), default: []].append(row)
                continue
            }
            guard let quotas else { continue }
            let off = SplitPart.allCases.filter {
                10 * abs(row[$0] - quotas[3 * label + $0.index]) > row.total
            }
            if let part = off.first {
                warnings.append(
                    "class \(row.name.printable): \(percent(row.share(part))) of it in \(part.rawValue) instead "
                        + "of \(percent(shares[part])): its groups are large")
            }
        }
        let lacks = lacking.sorted { $0.key.order < $1.key.order }.map { $0.key.warning(of: $0.value) }
        return lacks + warnings
    }

    /// Classes that lack the same parts for the same reason share a warning.
    private struct Lack: Hashable {
        let parts: [SplitPart]
        /// Whether the class has fewer groups than there are parts.
        let isSmall: Bool
        let isGiven: Bool

        var order: String { (isSmall ? "0" : "1") + parts.map(\.rawValue).joined() }

        func warning(of rows: [ClassShare]) -> String {
            let what =
                "\(counted(rows.count, "class", "classes")) \(rows.count == 1 ? "has" : "have") no image in "
                + "\(parts.map(\.rawValue).joined(separator: " and ")): "
            guard isSmall else {
                return what + rows.map(\.name).listed()
                    + "; their groups hold other classes too, and no division gives every part a share of all"
            }
            let isGrouped = rows.contains { $0.groups < $0.total }
            let sizes = rows.map { row in
                let images = counted(row.total, "image")
                let groups = row.groups < row.total ? " in \(counted(row.groups, "group"))" : ""
                return "\(row.name) (\(images)\(groups))"
            }
            return what + sizes.listed() + (isGrouped && !isGiven ? "; a group is never divided" : "")
        }
    }
}
