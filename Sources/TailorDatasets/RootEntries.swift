import TailorImages

/// Top-level entries of a dataset's folder, by names alone.
package struct RootEntries {
    package var train: String?
    package var validation: String?
    /// Name of the test folder, which is not entered; nil if there is none.
    package var test: String?
    package var others: [String] = []

    private static let validationNames: Set<String> = ["val", "valid", "validation"]

    /// Lists a folder. Throws `DatasetError` when it cannot be listed or has two folders of the same meaning.
    package init(path: String) throws {
        var train: [String] = []
        var validation: [String] = []
        var test: [String] = []
        for entry in try DirectoryListing(path: path).entries {
            guard Self.mayBeFolder(entry.kind), !JunkFiles.contains(entry.name) else { continue }
            switch entry.name.lowercased() {
            case "train": train.append(entry.name)
            case "test": test.append(entry.name)
            case let name where Self.validationNames.contains(name): validation.append(entry.name)
            default: others.append(entry.name)
            }
        }
        for (names, meaning) in [(train, "train"), (validation, "val"), (test, "test")] where names.count > 1
        {
            throw DatasetError.severalFolders(path: path, names: names, meaning: meaning)
        }
        self.train = train.first
        self.validation = validation.first
        self.test = test.first
    }

    /// Name of a part's folder.
    func folder(of part: SplitPart) -> String? {
        switch part {
        case .train: train
        case .val: validation
        case .test: test
        }
    }

    func resolvedTest(in root: String) -> String? {
        test.flatMap { DirectoryListing.resolved(root + "/" + $0) }
    }

    /// Whether an entry may be a folder. Links and unknown kinds count, because resolving them might touch
    /// the test folder.
    private static func mayBeFolder(_ kind: DirectoryListing.Kind) -> Bool {
        switch kind {
        case .folder, .link, .unknown: true
        case .file, .other: false
        }
    }
}
