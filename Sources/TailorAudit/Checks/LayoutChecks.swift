import Foundation
import TailorDatasets
import TailorSupport

/// Every image of a dataset by name, with all that its layout has to be blamed for. Where training refuses
/// at the first fault, this goes on: whoever mends a folder wants to hear of everything at once.
struct DatasetListing {
    struct Entry {
        let path: String
        let split: SplitPart
        let label: Int
    }

    let root: String
    /// Folders of `train/` first, in the order of their bytes, then those that only other splits have.
    private(set) var classes: [String] = []
    /// How many of `classes` are training's.
    private(set) var trainClassCount = 0
    /// In the order of splits, classes and paths.
    private(set) var entries: [Entry] = []
    private(set) var problems: [FileProblem] = []
    private(set) var notes: [String] = []
    /// False for class folders without splits.
    private(set) var hasSplits = false
    private(set) var splits: Set<SplitPart> = []
    private(set) var findings: [Finding] = []

    /// Throws `DatasetError` when there is nothing to look at: no folder, no class folders.
    init(_ root: URL) throws {
        var path = root.path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.root = path
        let top = try RootEntries(path: path)
        var scanner = ClassFolderScanner(root: path, forbidden: nil)
        hasSplits = top.train != nil || top.validation != nil || top.test != nil
        if hasSplits {
            for (split, name) in [(SplitPart.train, top.train), (.val, top.validation), (.test, top.test)] {
                guard let name else { continue }
                splits.insert(split)
                add(try scanner.classFolders(in: name), to: split)
            }
            if top.train == nil { findings.append(.noTrain(found: splits.map(\.rawValue).sorted())) }
            for name in top.others { notes.append("ignored \(name.printable), beside the splits") }
        } else {
            splits = [.train]
            add(try scanner.classFolders(in: ""), to: .train)
        }
        problems = scanner.problems
        notes += scanner.ignored.notes + scanner.notes
        guard !entries.isEmpty else { throw DatasetError.noClassFolders(path: path, looseImages: 0) }
        findings += layoutFindings()
    }

    private mutating func add(_ folders: [ClassFolderScanner.ClassFolder], to split: SplitPart) {
        let empty = folders.filter(\.images.isEmpty).map(\.name)
        if !empty.isEmpty { findings.append(.emptyClasses(empty, split: split)) }
        for folder in folders where !folder.images.isEmpty {
            let label =
                classes.firstIndex { $0.utf8.elementsEqual(folder.name.utf8) }
                ?? {
                    classes.append(folder.name)
                    return classes.count - 1
                }()
            entries += folder.images.map { Entry(path: $0, split: split, label: label) }
        }
        if split == .train { trainClassCount = classes.count }
    }

    /// Images a class in one split.
    func counts(_ split: SplitPart) -> [Int] {
        var counts = [Int](repeating: 0, count: classes.count)
        for entry in entries where entry.split == split { counts[entry.label] += 1 }
        return counts
    }

    private func layoutFindings() -> [Finding] {
        var findings: [Finding] = []
        if splits.contains(.train), trainClassCount == 1 { findings.append(.oneClass(classes[0])) }
        let strangers = Array(classes.dropFirst(trainClassCount))
        if splits.contains(.train), !strangers.isEmpty { findings.append(.unknownClasses(strangers)) }
        for split in [SplitPart.val, .test] where splits.contains(split) {
            let counts = counts(split)
            let missing = (0..<trainClassCount).filter { counts[$0] == 0 }.map { classes[$0] }
            if !missing.isEmpty { findings.append(.missingClasses(missing, split: split)) }
        }
        let alike = Dictionary(grouping: classes) {
            $0.precomposedStringWithCompatibilityMapping.lowercased()
                .split(whereSeparator: { $0.isWhitespace || $0 == "_" || $0 == "-" }).joined()
        }.values.filter { $0.count > 1 }.map { $0.sorted() }.sorted { $0[0] < $1[0] }
        if !alike.isEmpty { findings.append(.similarNames(alike)) }
        return findings
    }
}

extension Finding {
    fileprivate static func noTrain(found: [String]) -> Finding {
        Finding(
            severity: .error, area: .layout, code: "no-train",
            title: "There is no train folder, only \(found.listed()).",
            why: "Classes and their order come from train/.",
            remedy: "Name the folder with the training images train/.")
    }

    fileprivate static func emptyClasses(_ names: [String], split: SplitPart) -> Finding {
        Finding(
            severity: split == .train ? .error : .warning, area: .layout, code: "empty-class",
            title: "\(counted(names.count, "class folder")) of \(split.rawValue)/ without an image: "
                + names.listed() + ".",
            why: "Tools that number classes by folder would count it, and shift all later ones.",
            remedy: "Add images or remove the folder.")
    }

    fileprivate static func oneClass(_ name: String) -> Finding {
        Finding(
            severity: .error, area: .layout, code: "one-class",
            title: "There is one class only: \(name.printable).",
            why: "A classifier needs two classes or more to tell apart.",
            remedy: "Add a folder for each further class; “everything else” can be one.")
    }

    fileprivate static func unknownClasses(_ names: [String]) -> Finding {
        Finding(
            severity: .error, area: .layout, code: "unknown-class",
            title: "\(counted(names.count, "class", "classes")) outside train/ that training does not know: "
                + names.listed() + ".",
            why: "The model can never answer it, so every such image counts as wrong, or the classes shift.",
            remedy: "Add the class to train/, rename it to the class that is meant, or take it away.")
    }

    fileprivate static func missingClasses(_ names: [String], split: SplitPart) -> Finding {
        Finding(
            severity: .warning, area: .layout, code: "missing-class",
            title: "\(split.rawValue)/ has no images of \(counted(names.count, "class", "classes")): "
                + names.listed() + ".",
            why: "How well such a class is recognised stays unknown, and means over classes leave it out.",
            remedy: "Move some of its images to \(split.rawValue)/, or split anew with tailor split.")
    }

    fileprivate static func similarNames(_ groups: [[String]]) -> Finding {
        Finding(
            severity: .warning, area: .layout, code: "similar-class-names",
            title: "Class names that differ only in case, spaces or dashes: "
                + groups.map { $0.map(\.printable).joined(separator: " / ") }.joined(separator: "; ") + ".",
            why: "One class under two names is learnt as two that cannot be told apart.",
            remedy: "If they mean the same, put their images in one folder.")
    }
}
