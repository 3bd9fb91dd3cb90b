import TailorSupport

extension DatasetFolder {
    /// Dataset with the labels that somebody decided on and without the images that were excluded. The files stay as
    /// they are; those decided about are read, to see whether they are what was looked at.
    ///
    /// Throws ``DecisionError`` for a decision that does not fit and for a class or validation set that would lose all
    /// of its images, and `ContentHashError`.
    public func applying(
        _ list: DecisionList
    ) throws -> (folder: DatasetFolder, applied: AppliedDecisions) {
        let samples = train + (validation ?? [])
        let known =
            samples.map { ResolvedDecisions.Known(path: $0.relativePath, className: classes.names[$0.label]) }
            + problems.map { ResolvedDecisions.Known(path: $0.path, className: nil) }
        let resolved = try ResolvedDecisions(
            list, known: known,
            paths: ListedPaths(
                known.map(\.path), root: root, testFolder: testFolder, testPaths: testPaths),
            root: root, classes: classes.names)
        func decided(_ part: Range<Int>) -> [Sample] {
            let kept = part.filter { !resolved.excluded.contains($0) }.map { index -> Sample in
                let sample = samples[index]
                return Sample(
                    root: sample.root, relativePath: sample.relativePath,
                    label: resolved.labels[index] ?? sample.label)
            }
            // As scanning has them, so that the decided and the corrected data train alike.
            return kept.sorted {
                ($0.label, PathKey($0.relativePath)) < ($1.label, PathKey($1.relativePath))
            }
        }
        let train = decided(0..<self.train.count)
        let validation = self.validation.map { _ in decided(self.train.count..<samples.count) }
        try DecisionError.checkLeft(
            classes: classes.names, training: Set(train.map { classes.names[$0.label] }),
            validation: validation?.count)
        let folder = DatasetFolder(
            root: root, layout: layout, classes: classes, train: train, validation: validation,
            testFolder: testFolder, testPaths: testPaths, groups: groups,
            problems: problems.enumerated().filter { !resolved.excluded.contains(samples.count + $0.offset) }
                .map(\.element),
            warnings: warnings,
            notes: notes + ["decisions: \(resolved.applied.summary)"] + resolved.notes)
        return (folder, resolved.applied)
    }
}
