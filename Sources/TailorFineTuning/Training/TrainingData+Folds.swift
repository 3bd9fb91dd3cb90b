import TailorAudit
import TailorDatasets
import TailorSplitting
import TailorSupport

extension TrainingData {
    /// Images that a model does not see in cross-validation, and the data that it is trained with.
    public struct Fold: Sendable {
        public let held: [Sample]
        public let data: TrainingData
    }

    /// Divides all training and validation images into folds, copies and groups whole; of what is left when one is
    /// held out, as large a share validates as does of all images.
    ///
    /// - Parameters:
    ///   - count: 2 or more.
    ///   - seed: decides the folds and the validation images.
    /// - Throws: `SplitError` when they cannot be divided so, `ContentHashError`.
    public func folds(_ count: Int, seed: UInt64) throws -> [Fold] {
        let images = dataset.images
        let samples = images.map(\.sample)
        let numbers = try foldNumbers(
            samples, classes: classes, count: count, seed: seed, together: together, groups: groupNames)
        let share = Double(validation.count) / Double(max(images.count, 1))
        return try (0..<count).map { fold in
            let kept = images.indices.filter { numbers[$0] != fold }
            let sets = setsWithin(kept, of: together)
            let part = try dataset.keeping(kept).withValidation(
                share: share, seed: seed, together: sets, groups: groupNames)
            let held = images.indices.filter { numbers[$0] == fold }
            return Fold(
                held: held.map { samples[$0] },
                data: TrainingData(
                    root: root, dataset: part, train: part.train.map(\.sample),
                    validation: (part.validation ?? []).map(\.sample),
                    fingerprint: try part.fingerprint().sha256,
                    validationSource: "fold \(fold + 1) of \(count) left out", decisions: decisions,
                    leakWarnings: [], cache: cache,
                    intensityRange: intensityRange, together: sets, groupNames: groupNames))
        }
    }
}
