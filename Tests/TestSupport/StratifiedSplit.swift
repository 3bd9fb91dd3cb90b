import TailorDatasets
import TailorSplitting

/// Both parts of a split made image by image, in the order of `samples`.
public func stratifiedSplit(
    _ samples: [Sample], validationShare: Double, seed: UInt64
) throws -> (train: [Sample], validation: [Sample]) {
    let chosen = try validationChoice(
        samples, classes: ClassList(names: []), share: validationShare, seed: seed, together: []
    ).chosen
    let pairs = zip(samples, chosen)
    return (pairs.filter { !$0.1 }.map(\.0), pairs.filter(\.1).map(\.0))
}
