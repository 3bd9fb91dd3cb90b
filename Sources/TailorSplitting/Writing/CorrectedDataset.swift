import Foundation
import TailorDatasets
import TailorSupport

/// A dataset with decisions about its labels carried out: a copy of its folders, or a CSV that names the same files.
/// The originals are only read, and test images stay as they are.
public struct CorrectedDataset: Sendable {
    /// What was written, for people and programs.
    public struct Summary: Codable, Sendable, Hashable {
        /// File that did not keep its name, because the class it went to has one of that name.
        public struct Renaming: Codable, Sendable, Hashable {
            public var path: String
            public var newPath: String
        }

        public var source: String
        public var destination: String
        public var train: Int
        public var validation: Int
        public var test: Int
        public var decisions: AppliedDecisions
        public var renamed: [Renaming]
        public var notes: [String]
    }

    private struct Row: Sendable {
        let part: SplitPart
        /// Path from the source's folder.
        let path: String
        let className: String
        /// Path from the new folder.
        let file: String
    }

    public let summary: Summary
    private let root: String
    private let groups: [PathKey: String]
    private let rows: [Row]
    private let destination: SplitDestination

    /// Finds out what is to be written.
    ///
    /// - Parameter destination: a copy or a manifest; links to what was relabelled would hide it.
    /// - Throws: ``DecisionError`` for a decision that does not fit, and for a class or validation set that would lose
    ///   all of its images; `DatasetError`; `SplitError.destination` where a copy would lose what a CSV says.
    public init(_ source: URL, decisions: DecisionList, destination: SplitDestination) throws {
        let listing = try DatasetListing(source, parts: Set(SplitPart.allCases))
        guard let training = listing.split(.train) else {
            throw DatasetError.noTrain(path: listing.root, found: listing.splits.map(\.folder))
        }
        guard destination.mode == .manifest || listing.manifest == nil else {
            throw SplitError.destination(
                path: destination.path,
                reason: "a copy of images that a CSV divides would lose the division: name a .csv")
        }
        let classes = training.classFolders.map(\.name)
        let images = listing.splits.flatMap { split in
            split.classFolders.flatMap { folder in
                folder.images.map { (part: split.part, folder: split.folder, class: folder.name, path: $0) }
            }
        }
        let learning = images.indices.filter { images[$0].part != .test }
        let testFolder = listing.split(.test).flatMap { $0.folder.isEmpty ? nil : $0.folder }
        let odd = listing.problems.map(\.path).filter { listing.part(of: $0) != .test }
        let known =
            learning.map { ResolvedDecisions.Known(path: images[$0].path, className: images[$0].class) }
            + odd.map { ResolvedDecisions.Known(path: $0, className: nil) }
        let resolved = try ResolvedDecisions(
            decisions, known: known,
            paths: ListedPaths(
                known.map(\.path), root: listing.root, testFolder: testFolder, testPaths: listing.testPaths),
            root: listing.root, classes: classes)
        var newClasses: [Int: String] = [:]
        var excluded: Set<Int> = []
        for (position, index) in learning.enumerated() {
            if let label = resolved.labels[position] { newClasses[index] = classes[label] }
            if resolved.excluded.contains(position) { excluded.insert(index) }
        }
        let staying = images.indices.filter { newClasses[$0] == nil && !excluded.contains($0) }
        var names = NewNames(staying.map { images[$0].path })
        rows = images.indices.filter { !excluded.contains($0) }.map { index in
            let image = images[index]
            guard let name = newClasses[index] else {
                return Row(
                    part: image.part, path: image.path, className: image.class, file: image.path)
            }
            // Of a CSV's images only the class changes.
            let file =
                listing.manifest == nil
                ? names.place(image.path, from: image.class, to: name, in: image.folder) : image.path
            return Row(part: image.part, path: image.path, className: name, file: file)
        }
        let counts = Dictionary(rows.map { ($0.part, 1) }, uniquingKeysWith: +)
        try DecisionError.checkLeft(
            classes: classes, training: Set(rows.filter { $0.part == .train }.map(\.className)),
            validation: listing.split(.val).map { _ in counts[.val] ?? 0 })
        root = listing.root
        groups = listing.groups.byPath
        self.destination = destination
        summary = Summary(
            source: listing.manifest ?? listing.root, destination: destination.path,
            train: counts[.train] ?? 0,
            validation: counts[.val] ?? 0, test: counts[.test] ?? 0, decisions: resolved.applied,
            renamed: destination.mode == .manifest ? [] : names.renamed,
            notes: resolved.notes
                + (listing.problems.isEmpty
                    ? []
                    : [
                        "left out, no images: \(listing.problems.map(\.path).listed(limit: 3))"
                    ]))
    }

    /// Writes it at once: what fails leaves nothing. A copy holds `decisions.csv`, the decisions that made it.
    ///
    /// Throws `FileError` and `SplitError`.
    public func write(progress: ((Int, Int) -> Void)? = nil) throws {
        let home = DirectoryListing.resolved(root) ?? root
        if destination.mode == .manifest {
            let folder = RelativePath.folder(destination.path)
            let made = try NewFolder.makeFolders(folder)
            do {
                let base = DirectoryListing.resolved(folder) ?? folder
                let text = csv { pathBetween(base, home + "/" + $0.path) }
                try NewFile.make(Data(text.utf8), at: destination.path)
            } catch {
                for folder in made.reversed() { rmdir(folder) }
                throw error
            }
            return
        }
        try destination.build { folder in
            for path in Set(rows.map { RelativePath.folder($0.file) }) {
                try NewFolder.makeFolders(folder + "/" + path)
            }
            for (index, row) in rows.enumerated() {
                try NewFile.copy(home + "/" + row.path, at: folder + "/" + row.file)
                progress?(index + 1, rows.count)
            }
            let decisions = try DecisionList(summary.decisions.decisions)
            try NewFile.make(Data(decisions.csv.utf8), at: folder + "/decisions.csv")
            // Else what belongs together would be forgotten.
            guard !groups.isEmpty else { return }
            try NewFile.make(Data(csv(file: \.file).utf8), at: folder + "/split.csv")
        }
    }

    private func csv(file: (Row) -> String) -> String {
        ManifestRow.csv(
            rows.map {
                ManifestRow(
                    part: $0.part, path: $0.path, className: $0.className,
                    group: groups[PathKey($0.path)] ?? "",
                    file: file($0))
            })
    }
}

/// Paths for files that go to another class's folder.
private struct NewNames {
    private var taken: Set<String>
    private(set) var renamed: [CorrectedDataset.Summary.Renaming] = []

    init(_ staying: [String]) { taken = Set(staying.map { $0.lowercased() }) }

    /// Path in the folder of another class, numbered if there is one of that name, whatever its case.
    mutating func place(_ path: String, from old: String, to new: String, in split: String) -> String {
        let start = split.isEmpty ? "" : split + "/"
        let rest = String(Substring(path.utf8.dropFirst((start + old + "/").utf8.count)))
        let wanted = start + new + "/" + rest
        let stem = RelativePath.stem(wanted)
        let ending = String(Substring(wanted.utf8.dropFirst(stem.utf8.count)))
        var (file, number) = (wanted, 1)
        while !taken.insert(file.lowercased()).inserted {
            number += 1
            file = "\(stem)-\(number)\(ending)"
        }
        if number > 1 { renamed.append(.init(path: path, newPath: file)) }
        return file
    }
}
