import TailorSupport

/// Decides which folders of a dataset are splits, by their names and by what lies in them.
struct FolderRoles {
    struct Split {
        let name: String
        let part: SplitPart
    }

    private(set) var splits: [Split] = []
    private(set) var notes: [String] = []
    private(set) var warnings: [String] = []
    private let root: String
    /// What lies in the folders that had to be listed.
    private var contents: [PathKey: FolderContent] = [:]

    /// Throws `DatasetError` for a folder that may be a split or a class, and for splits within classes.
    init(_ folders: [String], in root: String) throws {
        self.root = root
        let named = folders.compactMap { name in
            SplitName.part(name).map { Split(name: name, part: $0) }
        }
        let unnamed = folders.filter { SplitName.part($0) == nil }
        if named.isEmpty {
            try checkNames(unnamed)
        } else {
            let others = unnamed.filter { FolderContent.hasImages(root + "/" + $0) }
            splits = others.isEmpty ? named : try chooseSplits(named, beside: others)
        }
        describe(named)
    }

    private mutating func content(_ name: String) -> FolderContent {
        if let known = contents[PathKey(name)] { return known }
        let content = FolderContent(path: root + "/" + name)
        contents[PathKey(name)] = content
        return content
    }

    /// Splits among the folders that are named as such, where others hold images, too.
    private mutating func chooseSplits(_ named: [Split], beside others: [String]) throws -> [Split] {
        let learning = named.filter { $0.part != .test && content($0.name).holdsFolders }
        // The test folder is listed only where the others leave it open.
        if Set(learning.map(\.part)).count == 2 { return certain(named, beside: others) }
        let tests = named.filter { $0.part == .test && content($0.name).holdsFolders }
        let classes =
            others
            + named.filter { content($0.name).images > 0 && !content($0.name).holdsFolders }
            .map(\.name)
        if let train = learning.first(where: { $0.part == .train }) {
            return tests.isEmpty
                ? try lone(train, named, beside: classes) : certain(named, beside: others)
        }
        guard let split = learning.first ?? tests.first else {
            // A test folder that is still empty is none of the classes.
            return named.filter { $0.part == .test && content($0.name).isEmpty }
        }
        let within = content(split.name).folders
        guard within.contains(where: classes.contains) else {
            throw unclear(
                split.name,
                "it is named as a split and holds folders (\(within.listed(limit: 3))), of which none is called "
                    + "like a class beside it (\(classes.listed(limit: 3)))")
        }
        return learning + tests
    }

    /// Two of the named folders hold folders: splits. Others of the same classes may be meant as one, too.
    private mutating func certain(_ named: [Split], beside others: [String]) -> [Split] {
        let classes = Set(named.filter { $0.part == .train }.flatMap { content($0.name).folders })
        for other in others where content(other).folders.contains(where: classes.contains) {
            warnings.append(
                "\(other.printable)/ holds folders of the same names as the training classes, and is not "
                    + "used: call it val or test if it is a split")
        }
        return named
    }

    /// A training folder without another split beside folders that may be classes, as it may be.
    private mutating func lone(_ train: Split, _ named: [Split], beside classes: [String]) throws -> [Split] {
        let within = Set(content(train.name).folders)
        let sharing = classes.filter { content($0).folders.contains(where: within.contains) }
        let isRepeated = classes.contains(where: within.contains)
        guard isRepeated || (classes.count == 1 && sharing.isEmpty) else {
            throw unclear(
                train.name,
                "it is named as a split and holds folders (\(within.sorted().listed(limit: 3))), and "
                    + "\(classes.listed(limit: 3)) beside it \(classes.count == 1 ? "holds" : "hold") images, too"
            )
        }
        warnings.append(
            "\(classes.map { $0 + "/" }.listed(limit: 3)) \(classes.count == 1 ? "holds" : "hold") images, and "
                + "\(classes.count == 1 ? "is" : "are") not used beside \(train.name.printable)/, of which the "
                + "folders are the classes")
        return named
    }

    /// No name means a part: longer names may, and so may folders of the same structure.
    private mutating func checkNames(_ names: [String]) throws {
        let longer = names.compactMap { name -> Split? in
            guard case .containing(let part)? = SplitName(name) else { return nil }
            return content(name).holdsFolders ? Split(name: name, part: part) : nil
        }
        if Set(longer.map(\.part)).count > 1 {
            let listed = longer.map(\.name).listed(limit: 3)
            throw unclear(
                longer[0].name, "\(listed) are named like splits and hold folders, as splits do")
        }
        let filled = names.filter { !content($0).isEmpty }
        for name in filled where filled.count > 1 && content(name).holdsFolders {
            let splits = content(name).folders.filter { SplitName.part($0) != nil }
            if Set(splits.compactMap(SplitName.part)).count > 1 {
                throw DatasetError.splitsWithinClasses(path: root, folder: name, splits: splits)
            }
        }
        guard filled.count > 1, filled.allSatisfy({ content($0).images == 0 }) else { return }
        var shared = Set(content(filled[0]).folders)
        for name in filled.dropFirst() { shared.formIntersection(content(name).folders) }
        guard shared.count > 1 else { return }
        warnings.append(
            "\(filled.listed(limit: 3)) are taken for classes, and each holds folders called "
                + "\(shared.sorted().listed(limit: 3)): if these are the classes, call the outer folders train, "
                + "val or test")
    }

    /// Says which name was understood as which part, or not as one.
    private mutating func describe(_ named: [Split]) {
        let other = splits.filter { $0.name != $0.part.rawValue }
        if !other.isEmpty {
            notes.append(
                "read by their names: "
                    + other.map { "\($0.name.printable)/ as \($0.part.rawValue)/" }.joined(separator: ", "))
        }
        let classes = named.filter { split in !splits.contains { $0.name == split.name } }.map(\.name)
        if !classes.isEmpty {
            notes.append("read as classes, for they hold no folders of classes: \(classes.listed())")
        }
    }

    private func unclear(_ name: String, _ reason: String) -> DatasetError {
        DatasetError.unclearFolder(path: root + "/" + name, reason: reason)
    }
}
