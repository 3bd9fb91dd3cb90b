import TailorSupport

extension DatasetFolder {
    /// Paths of all training and validation images, and of entries that look like ones.
    package var listedPaths: [String] {
        (train + (validation ?? [])).map(\.relativePath) + problems.map(\.path)
    }

    /// Dataset without the listed training and validation images; see ``ListedPaths`` for how they may be
    /// written. Entries that name none are a warning. Entries in the test folder are passed over.
    ///
    /// - Parameter strict: whether an entry that names nothing throws.
    /// - Throws: ``ExclusionListError`` when the list has entries and none names anything here, or one may
    ///   name several images; `DatasetError` when a class loses all of its images.
    public func excluding(_ list: ExclusionList, strict: Bool = false) throws -> DatasetFolder {
        let samples = train + (validation ?? [])
        let known = listedPaths
        let matching = try Exclusions(
            list, among: ListedPaths(known, root: root, testFolder: testFolder, testPaths: testPaths),
            place: "training or validation image of \(root.printable)",
            elsewhere: "in the test set, which training does not open", strict: strict)
        let excluded = Set(matching.indices.map { PathKey(known[$0]) })
        func kept(_ samples: [Sample]) -> [Sample] {
            samples.filter { !excluded.contains(PathKey($0.relativePath)) }
        }
        let (train, validation) = (kept(train), validation.map(kept))
        let count = samples.count - train.count - (validation?.count ?? 0)
        let left = Set(train.map(\.label))
        let lost = classes.names.indices.filter { !left.contains($0) }.map { classes.names[$0] }
        guard lost.isEmpty else { throw DatasetError.classesLost(names: lost, problems: []) }
        if let validation, validation.isEmpty { throw DatasetError.validationLost(problems: []) }
        let usable = problems.filter { !excluded.contains(PathKey($0.path)) }
        let others = problems.count - usable.count
        return DatasetFolder(
            root: root, layout: layout, classes: classes, train: train, validation: validation,
            testFolder: testFolder, testPaths: testPaths, groups: groups,
            problems: usable,
            warnings: warnings + matching.warnings,
            notes: notes + [
                "left out by the list of exclusions: \(counted(count, "image"))"
                    + (others > 0 ? " and \(counted(others, "file")) that cannot be read" : "")
            ] + matching.notes)
    }
}

/// What the entries of an exclusion list name.
struct Exclusions {
    /// Indices of the known paths that are excluded.
    private(set) var indices: Set<Int> = []
    private(set) var warnings: [String] = []
    private(set) var notes: [String] = []

    /// - Parameters:
    ///   - place: noun for the known images.
    ///   - elsewhere: where entries of other parts of the dataset lie, which are passed over.
    init(
        _ list: ExclusionList, among known: ListedPaths, place: String, elsewhere: String, strict: Bool
    ) throws {
        var missed: [String] = []
        var sealed = 0
        for path in list.paths {
            switch known.match(path) {
            case .image(let index): indices.insert(index)
            case .sealed: sealed += 1
            case .nothing: missed.append(path)
            case .several(let paths):
                throw ExclusionListError(
                    description: "the list of exclusions: \(path.printable) may name \(paths.listed())")
            }
        }
        let misses = missed.listed(limit: 3)
        if !missed.isEmpty, indices.isEmpty {
            throw ExclusionListError(
                description:
                    "none of the \(counted(list.paths.count, "entry", "entries")) of the list of exclusions "
                    + "names a \(place); paths count from that folder (\(misses))")
        }
        if !missed.isEmpty {
            let warning =
                "\(missed.count) of \(counted(list.paths.count, "entry", "entries")) of the list of exclusions "
                + "\(missed.count == 1 ? "names" : "name") no \(place): \(misses)"
            if strict { throw ExclusionListError(description: "\(warning) (strict mode allows none)") }
            warnings.append(warning)
        }
        if list.paths.isEmpty { warnings.append("the list of exclusions is empty: nothing is left out") }
        if sealed > 0 {
            notes.append(
                "\(counted(sealed, "entry", "entries")) of the list of exclusions \(elsewhere)")
        }
    }
}
