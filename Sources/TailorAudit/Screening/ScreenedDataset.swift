import Foundation
import TailorDatasets
import TailorSplitting
import TailorSupport

/// Dataset whose files all decode, as used for training.
public struct ScreenedDataset: Sendable {
    public let classes: ClassList
    /// Training images, then the folder's validation images; those split off keep their positions.
    public private(set) var images: [ScreenedImage]
    /// Whether there is a validation set, from the folder or split off by `withValidation`.
    public private(set) var hasValidation: Bool
    /// Files that were skipped.
    public let unreadable: [FileProblem]
    public let hasTest: Bool
    public private(set) var warnings: [String]
    public package(set) var notes: [String]

    /// Training images in the order of `images`.
    public var train: [ScreenedImage] { images.filter { $0.split == .train } }
    /// Validation images in the order of `images`; nil until there is a validation set.
    public var validation: [ScreenedImage]? { hasValidation ? images.filter { $0.split == .val } : nil }

    /// Dataset with a validation set: its own, or else a share of train split off as `validationChoice` does.
    ///
    /// - Parameters:
    ///   - together: sets of indices of `images` that must stay in one part; if there are any,
    ///     `SplitPlanner` splits.
    ///   - groups: names of the groups among these sets, for the error.
    /// - Throws: `SplitError` when the sets cannot be divided, `ContentHashError`.
    public func withValidation(
        share: Double = 0.2, seed: UInt64, together: [[Int]] = [], groups: [String] = []
    ) throws -> ScreenedDataset {
        guard !hasValidation else { return self }
        let (chosen, warnings) = try validationChoice(
            images.map(\.sample), classes: classes, share: share, seed: seed, together: together,
            groups: groups)
        var result = self
        result.warnings += warnings
        result.hasValidation = true
        for (index, isValidation) in chosen.enumerated() where isValidation {
            result.images[index].split = .val
        }
        result.notes.append(
            "no val/: \(counted(chosen.count { $0 }, "image")) of train (\(DatasetError.percent(share)) of "
                + "each class) split off for validation by seed \(seed)")
        return result
    }

    /// Some of the images, all for training: a validation set has to be split off again.
    ///
    /// - Parameter kept: indices of `images`.
    public func keeping(_ kept: [Int]) -> ScreenedDataset {
        var result = self
        result.images = kept.map { index in
            var image = images[index]
            image.split = .train
            return image
        }
        result.hasValidation = false
        return result
    }

    /// Number of training images of each class.
    public var trainCounts: [Int] {
        var counts = [Int](repeating: 0, count: classes.count)
        for image in images where image.split == .train { counts[image.label] += 1 }
        return counts
    }

    /// Computes the fingerprint of the images in use. Throws `ContentHashError`.
    public func fingerprint() throws -> DatasetFingerprint {
        try DatasetFingerprint(train: train, validation: validation ?? [], classes: classes)
    }
}

extension DatasetFolder {
    /// Reads, decodes and measures every file once; see `FileScreening`.
    ///
    /// Throws `DatasetError` when too many are unreadable, when a class loses all of its images, and when all
    /// images are identical; `ContentHashError`.
    public func screened(
        options: FileScreening.Options = .init(), cache: DecodedImageCache? = nil,
        progress: (@Sendable (Int) -> Void)? = nil
    ) throws -> ScreenedDataset {
        let screening = try FileScreening(
            [(.train, train), (.val, validation ?? [])], problems: problems, options: options, cache: cache,
            progress: progress)
        let images = screening.images
        let kept = Set(images.filter { $0.split == .train }.map(\.label))
        let lost = classes.names.indices.filter { !kept.contains($0) }.map { classes.names[$0] }
        guard lost.isEmpty else {
            throw DatasetError.classesLost(names: lost, problems: screening.unreadable)
        }
        if validation != nil, !images.contains(where: { $0.split == .val }) {
            throw DatasetError.validationLost(problems: screening.unreadable)
        }
        if images.count > 1, Set(images.map(\.measurement.pixelHash)).count == 1 {
            throw DatasetError.allIdentical(count: images.count)
        }

        var warnings = self.warnings
        if !screening.unreadable.isEmpty {
            let skipped = screening.unreadable.map(\.description).listed()
            warnings.append("skipped \(counted(screening.unreadable.count, "unreadable file")): \(skipped)")
        }
        let formats = FormatCheck(images)
        warnings += formats.warnings
        warnings += NarrowRange(images, given: options.intensityRange).warnings
        if !hasTest { warnings.append("no test/: the model cannot be tested; val never stands in for it") }
        return ScreenedDataset(
            classes: classes, images: images, hasValidation: validation != nil,
            unreadable: screening.unreadable, hasTest: hasTest, warnings: warnings,
            notes: notes + formats.notes)
    }
}
