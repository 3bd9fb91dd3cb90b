import Foundation
import TailorDatasets
import TailorSupport

/// Classes and images of a dataset, with all faults of its layout. Training stops at the first fault; an
/// audit reports all of them at once.
struct LayoutChecks {
    /// Class names: folders of `train/` first, in byte order, then those that only other splits have.
    private(set) var classes: [String] = []
    /// Samples in the order of splits, classes and paths.
    private(set) var samples: [(sample: Sample, split: SplitPart)] = []
    private(set) var findings: [Finding] = []
    let splits: Set<SplitPart>
    /// Number of `classes` that training has.
    private var trainClassCount = 0

    init(_ listing: DatasetListing) {
        splits = Set(listing.splits.map(\.part))
        for split in listing.splits { add(split, root: listing.root) }
        if !splits.contains(.train) {
            findings.append(.noTrain(found: splits.map(\.rawValue).sorted()))
        }
        findings += listing.warnings.map(Finding.unclearFolder)
        findings += classFindings
    }

    private mutating func add(_ split: DatasetListing.Split, root: String) {
        let empty = split.classFolders.filter(\.images.isEmpty).map(\.name)
        if !empty.isEmpty { findings.append(.emptyClasses(empty, split: split.part)) }
        if split.classFolders.isEmpty, !split.folder.isEmpty { findings.append(.noClasses(in: split.folder)) }
        for folder in split.classFolders where !folder.images.isEmpty {
            let label =
                classes.firstIndex(of: folder.name)
                ?? {
                    classes.append(folder.name)
                    return classes.count - 1
                }()
            samples += folder.images.map {
                (Sample(root: root, relativePath: $0, label: label), split.part)
            }
        }
        if split.part == .train { trainClassCount = classes.count }
    }

    /// Number of images of each class in a split.
    func counts(_ split: SplitPart) -> [Int] {
        var counts = [Int](repeating: 0, count: classes.count)
        for entry in samples where entry.split == split { counts[entry.sample.label] += 1 }
        return counts
    }

    private var classFindings: [Finding] {
        var findings: [Finding] = []
        if splits.contains(.train), trainClassCount == 1 { findings.append(.oneClass(classes[0])) }
        let unknown = Array(classes.dropFirst(trainClassCount))
        if splits.contains(.train), !unknown.isEmpty { findings.append(.unknownClasses(unknown)) }
        for split in [SplitPart.val, .test] where splits.contains(split) {
            let counts = counts(split)
            let missing = (0..<trainClassCount).filter { counts[$0] == 0 }.map { classes[$0] }
            if !missing.isEmpty { findings.append(.missingClasses(missing, split: split)) }
        }
        let list = ClassList(names: classes)
        if !list.similarNames.isEmpty { findings.append(.similarNames(list.similarNamesListed)) }
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

    fileprivate static func unclearFolder(_ warning: String) -> Finding {
        Finding(
            severity: .warning, area: .layout, code: "unclear-folder", title: warning + ".",
            why: "A split that is taken for a class, or left out, gives a model of something else.",
            remedy: "Name splits train, val and test, and let nothing else lie beside them.")
    }

    fileprivate static func emptyClasses(_ names: [String], split: SplitPart) -> Finding {
        Finding(
            severity: split == .train ? .error : .warning, area: .layout, code: "empty-class",
            title: "\(counted(names.count, "class folder")) of \(split.rawValue)/ without an image: "
                + names.listed() + ".",
            why: "Tools that number classes by folder would count it, and shift all later ones.",
            remedy: "Add images or remove the folder.")
    }

    fileprivate static func noClasses(in folder: String) -> Finding {
        Finding(
            severity: .error, area: .layout, code: "no-classes",
            title: "\(folder.printable)/ holds no class folders.",
            why: "The folder of an image is its label: without one it can neither teach nor test.",
            remedy: "Make a folder for each class in it, called as in train/, or take it away.")
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

    fileprivate static func similarNames(_ names: String) -> Finding {
        Finding(
            severity: .warning, area: .layout, code: "similar-class-names",
            title: "Class names that differ only in case, spaces or dashes: \(names).",
            why: "One class under two names is learnt as two that cannot be told apart.",
            remedy: "If they mean the same, put their images in one folder.")
    }
}
