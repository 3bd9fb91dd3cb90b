import TailorDatasets
import TailorSupport

/// Divides samples into folds, each of which has its share of every class as far as the sets allow.
///
/// - Parameters:
///   - count: of folds, 2 or more.
///   - seed: decides the folds.
///   - together: sets of indices of `samples` that must stay in one fold.
///   - groups: names of the groups among these sets, for the error.
/// - Returns: fold of every sample, 0 ..< count; none is empty.
/// - Throws: `SplitError` where there are too few sets or samples for so many folds, or where a class would be left
///   out whole; `ContentHashError`.
package func foldNumbers(
    _ samples: [Sample], classes: ClassList, count: Int, seed: UInt64, together: [[Int]],
    groups: [String] = []
) throws -> [Int] {
    guard count >= 2 else { throw SplitError.folds(count: count, reason: "expected 2 or more") }
    var folds = [Int](repeating: count - 1, count: samples.count)
    var left = Array(samples.indices)
    for fold in 0..<count - 1 {
        let chosen: [Bool]
        do {
            (chosen, _) = try validationChoice(
                left.map { samples[$0] }, classes: classes, share: 1 / Double(count - fold),
                seed: seed &+ UInt64(fold), together: setsWithin(left, of: together), groups: groups)
        } catch SplitError.tooFewGroups where !together.isEmpty {
            let sets = samples.count - together.reduce(0) { $0 + $1.count - 1 }
            throw SplitError.folds(
                count: count,
                reason:
                    "\(counted(samples.count, "image")) in \(counted(sets, groups.isEmpty ? "set" : "group")) that "
                    + "stay whole are too few, or too unequal")
        }
        for (index, isChosen) in zip(left, chosen) where isChosen { folds[index] = fold }
        left = zip(left, chosen).filter { !$1 }.map(\.0)
    }
    guard Set(folds).count == count else {
        throw SplitError.folds(count: count, reason: "there are only \(counted(samples.count, "image"))")
    }
    // Who is trained without a class can only fail on it.
    for (label, name) in classes.names.enumerated() {
        let found = Set(samples.indices.filter { samples[$0].label == label }.map { folds[$0] })
        guard found.count > 1 else {
            throw SplitError.folds(
                count: count,
                reason:
                    "the images of class \(name.printable) are one, or belong together, and would all be left "
                    + "out at once")
        }
    }
    return folds
}

/// What is left of sets of indices when only some indices are kept, in terms of their places among these.
package func setsWithin(_ kept: [Int], of sets: [[Int]]) -> [[Int]] {
    let place = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
    return sets.map { $0.compactMap { place[$0] } }.filter { $0.count > 1 }
}
