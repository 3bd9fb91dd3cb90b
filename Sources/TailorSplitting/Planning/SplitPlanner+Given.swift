import TailorDatasets
import TailorSupport

extension SplitPlanner {
    /// Plan of items that all have a part. Sets of `together` that are divided become a warning.
    func given(_ items: [SplitItem], classes: ClassList, together: [[Int]]) throws -> SplitPlan {
        let units = try SplitUnit.units(of: items, together: [], seed: seed)
        let parts = try units.map { unit in
            let found = SplitPart.allCases.filter { part in unit.items.contains { items[$0].part == part } }
            guard found.count == 1 else {
                throw SplitError.groups(
                    "the images of group \(unit.name.printable) are given to "
                        + "\(found.map(\.rawValue).joined(separator: " and ")): a group is never divided; "
                        + "correct the parts, or leave out the groups")
            }
            return found[0]
        }
        let counts = SplitPart.allCases.map { part in items.count { $0.part == part } }
        let shares = SplitShares(counts: counts)
        let divided = together.filter { set in Set(set.map { items[$0].part }).count > 1 }
        var warnings: [String] = []
        if let first = divided.first {
            let shown = first.prefix(3).map {
                "\(items[$0].path.printable) (\(items[$0].part?.rawValue ?? ""))"
            }
            warnings.append(
                "\(counted(divided.count, "set")) of copies, or pictures of one subject, "
                    + "\(divided.count == 1 ? "lies" : "lie") in several of the parts that were given: "
                    + shown.joined(separator: " = "))
        }
        return SplitPlan(
            items: items, classes: classes, shares: shares, seed: seed, units: units, parts: parts,
            targets: SplitTargets(units: units, classCount: classes.count, shares: shares), given: warnings)
    }
}
