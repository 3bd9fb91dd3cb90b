import TailorSupport

/// A dataset of which every file is known to decode: what training works on.
public struct ScreenedDataset: Sendable {
    public let classes: ClassList
    public let train: [ScreenedImage]
    /// Nil until there is one: from the folder, or split off by `withValidation`.
    public let validation: [ScreenedImage]?
    /// Skipped files.
    public let unreadable: [FileProblem]
    public let hasTest: Bool
    public let warnings: [String]
    public let notes: [String]

    /// This dataset with a validation set: its own, or else a share of train split off as `stratifiedSplit` does.
    ///
    /// - Parameter together: indices of `train` that must be on one side; with any, `SplitPlanner` divides.
    /// Throws `ContentHashError`.
    public func withValidation(
        share: Double = 0.2, seed: UInt64, together: [[Int]] = []
    ) throws -> ScreenedDataset {
        guard validation == nil else { return self }
        let samples = train.map(\.sample)
        let items = samples.map { SplitItem(path: $0.relativePath, label: $0.label) }
        var plan: SplitPlan?
        do {
            if !together.isEmpty {
                plan = try SplitPlanner(shares: SplitShares(val: share, test: 0), seed: seed)
                    .plan(items, classes: classes, together: together)
            }
        } catch is SplitError {
            // Too few groups, or a share of nothing: divided image by image, as without groups.
        }
        let chosen =
            try plan.map { $0.parts.map { $0 == .val } }
            ?? stratifiedChoice(samples, share: share, seed: seed)
        let parts = zip(train, chosen)
        let kept = parts.filter { !$0.1 }.map(\.0)
        let validation = parts.filter(\.1).map(\.0)
        let note =
            "no val/: \(counted(validation.count, "image")) of train (\(DatasetError.percent(share)) of "
            + "each class) split off for validation by seed \(seed)"
        return ScreenedDataset(
            classes: classes, train: kept, validation: validation,
            unreadable: unreadable, hasTest: hasTest,
            warnings: warnings, notes: notes + [note])
    }

    /// Training images a class.
    public var trainCounts: [Int] {
        var counts = [Int](repeating: 0, count: classes.count)
        for image in train { counts[image.sample.label] += 1 }
        return counts
    }

    /// Throws `ContentHashError`.
    public func fingerprint() throws -> DatasetFingerprint {
        try DatasetFingerprint(train: train, validation: validation ?? [], classes: classes)
    }
}

extension DatasetFolder {
    /// Decodes every file once; see `FileScreening.run`.
    ///
    /// Throws `DatasetError` when too many are unreadable, when a class loses all of its images, and when
    /// all images are identical; `ContentHashError`.
    public func screened(
        options: FileScreening.Options = .init(), cache: DecodedImageCache? = nil,
        inspect: FileScreening.Inspection? = nil, progress: (@Sendable (Int) -> Void)? = nil
    ) throws -> ScreenedDataset {
        let screening = try FileScreening.run(
            train + (validation ?? []), problems: problems, options: options, cache: cache, inspect: inspect,
            progress: progress)
        let trainImages = screening.images.prefix(train.count).compactMap { $0 }
        let validationImages = validation.map { _ in
            screening.images.dropFirst(train.count).compactMap { $0 }
        }

        let kept = Set(trainImages.map(\.sample.label))
        let lost = classes.names.indices.filter { !kept.contains($0) }.map { classes.names[$0] }
        guard lost.isEmpty else {
            throw DatasetError.classesLost(names: lost, problems: screening.unreadable)
        }
        if let validationImages, validationImages.isEmpty {
            throw DatasetError.validationLost(problems: screening.unreadable)
        }
        if screening.allIdentical { throw DatasetError.allIdentical(count: screening.images.count) }

        var warnings = self.warnings
        if !screening.unreadable.isEmpty {
            let skipped = screening.unreadable.map(\.description).listed()
            warnings.append("skipped \(counted(screening.unreadable.count, "unreadable file")): \(skipped)")
        }
        warnings += strangerWarnings(trainImages + (validationImages ?? []))
        if !hasTest { warnings.append("no test/: the model cannot be tested; val never stands in for it") }
        return ScreenedDataset(
            classes: classes, train: trainImages, validation: validationImages,
            unreadable: screening.unreadable, hasTest: hasTest, warnings: warnings,
            notes: notes + misnamedNotes(trainImages + (validationImages ?? [])))
    }
}
