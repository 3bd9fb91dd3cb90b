import Foundation
import TailorDatasets
import TailorSupport

/// Chooses the validation samples: by `SplitPlanner` if some must stay `together`, otherwise image by image.
///
/// - Parameter groups: names of the groups that `together` holds, for the error.
/// - Returns: whether each sample is chosen, and warnings of classes that are in one part only, or in other
///   shares than wanted.
/// - Throws: `SplitError` when the sets to be kept together cannot be divided, `ContentHashError`.
package func validationChoice(
    _ samples: [Sample], classes: ClassList, share: Double, seed: UInt64, together: [[Int]],
    groups: [String] = []
) throws -> (chosen: [Bool], warnings: [String]) {
    guard share > 0, !together.isEmpty else {
        let chosen = try stratifiedChoice(samples, share: share, seed: seed)
        let validated = Set(zip(samples, chosen).filter(\.1).map(\.0.label))
        let lacking = classes.names.indices.filter { !validated.contains($0) }.map { classes.names[$0] }
        guard share > 0, !lacking.isEmpty else { return (chosen, []) }
        return (
            chosen,
            [
                "no image of \(counted(lacking.count, "class", "classes")) is left for validation: "
                    + "\(lacking.listed()). Their metrics are not available"
            ]
        )
    }
    let items = samples.map { SplitItem(path: $0.relativePath, label: $0.label) }
    do {
        let plan = try SplitPlanner(shares: SplitShares(val: share, test: 0), seed: seed)
            .plan(items, classes: classes, together: together)
        return (plan.parts.map { $0 == .val }, plan.warnings)
    } catch SplitError.tooFewGroups(let count, _, let images, let parts) {
        throw SplitError.tooFewGroups(count: count, groups: groups, images: images, parts: parts)
    }
}

/// Chooses the validation samples image by image, a share of every class.
///
/// Every class of two images or more gives at least one and keeps at least one. Images are chosen by the hash
/// of the seed and their path, so that adding or removing others hardly moves the rest. `share` is clamped to
/// 0…1. Throws `ContentHashError`.
private func stratifiedChoice(_ samples: [Sample], share: Double, seed: UInt64) throws -> [Bool] {
    var chosen = [Bool](repeating: false, count: samples.count)
    guard share > 0 else { return chosen }
    let byLabel = Dictionary(grouping: samples.indices) { samples[$0].label }
    for indices in byLabel.values where indices.count >= 2 {
        let wanted = (Double(indices.count) * min(share, 1)).rounded()
        let count = min(max(Int(wanted), 1), indices.count - 1)
        let keyed = try indices.map { index -> (key: String, index: Int) in
            var hasher = try ContentHasher()
            try hasher.update("\(seed)\n")
            try hasher.update(samples[index].relativePath)
            return (try hasher.finish(), index)
        }
        for (_, index) in keyed.sorted(by: { $0 < $1 }).prefix(count) { chosen[index] = true }
    }
    return chosen
}
