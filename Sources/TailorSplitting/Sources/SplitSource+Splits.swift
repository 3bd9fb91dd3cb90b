import Foundation
import TailorDatasets
import TailorSupport

/// What becomes of the parts of a folder that is split already.
public enum ExistingSplits: Sendable {
    /// They stay, and what is missing is cut out of train.
    case keep
    /// All images are divided anew.
    case merge
}

extension SplitSource {
    /// Parts that stay as they are where others are added; never train, from which images are taken.
    public var kept: [SplitPart] {
        guard !isDivided else { return [] }
        let parts = Set(images.compactMap(\.part))
        return SplitPart.allCases.filter(parts.contains)
    }

    /// Shares of the images to divide: none for parts that are kept. Throws `SplitError.nothingMissing` when
    /// that leaves no part.
    public func shares(val: Double, test: Double) throws -> SplitShares {
        let kept = kept
        let (val, test) = (kept.contains(.val) ? 0 : val, kept.contains(.test) ? 0 : test)
        guard kept.isEmpty || val + test > 0 else {
            throw SplitError.nothingMissing(path: path, folders: ["train"] + kept.map(\.rawValue))
        }
        return try SplitShares(val: val, test: test)
    }

    /// Images of a folder with train/ and val/ or test/.
    static func splitFolders(
        _ path: String, existing: ExistingSplits, groups: GroupSource?, skipsProblems: Bool
    ) throws -> SplitSource {
        let listing = try DatasetListing(
            URL(fileURLWithPath: path, isDirectory: true), parts: Set(SplitPart.allCases))
        guard listing.splits.contains(where: { $0.part != .train || !$0.folder.isEmpty }) else {
            throw SplitError.notSplit(path: path)
        }
        guard let train = listing.split(.train) else {
            throw DatasetError.noTrain(path: path, found: listing.splits.map(\.folder))
        }
        let warnings = try settle(listing.problems, in: path, skipping: skipsProblems)
        let classes: ClassList
        switch existing {
        case .keep:
            (classes, _) = try DatasetFolder.trainingSamples(
                train.classFolders, root: path, folder: listing.path(of: train), suggestion: nil)
        case .merge:
            let merged = Dictionary(
                grouping: listing.splits.flatMap(\.classFolders), by: { PathKey($0.name) }
            )
            .sorted { $0.key < $1.key }
            .map { ClassFolderScanner.ClassFolder(name: $0.key.path, images: $0.value.flatMap(\.images)) }
            (classes, _) = try DatasetFolder.trainingSamples(
                merged, root: path, folder: path, suggestion: nil)
        }
        let paths = listing.splits.flatMap(\.classFolders).flatMap(\.images)
        let note = groups == nil ? listing.groups.note : nil
        let groups = try ImageGroups.known(groups, listed: listing.groups, paths: paths, root: path)
        var images: [SplitImage] = []
        for split in listing.splits {
            let labelled = try split.classFolders.compactMap {
                folder -> (label: Int, folder: String, paths: [String])? in
                guard let label = classes.index(of: folder.name) else {
                    if folder.images.isEmpty { return nil }
                    throw DatasetError.unknownClasses(folder: listing.path(of: split), names: [folder.name])
                }
                let prefix = (split.folder.isEmpty ? "" : split.folder + "/") + folder.name + "/"
                return (label, prefix, folder.images)
            }
            for (label, folder, paths) in labelled {
                images += paths.map { image in
                    SplitImage(
                        path: image, label: label, group: groups?.group(of: image),
                        part: existing == .keep && split.part != .train ? split.part : nil,
                        nameBasis: split.part.rawValue + "/"
                            + String(Substring(image.utf8.dropFirst(folder.utf8.count))))
                }
            }
        }
        return SplitSource(
            path: path, root: path, classes: classes, images: images,
            warnings: similarNames(classes) + warnings + (groups?.warnings ?? []),
            notes: listing.notes + [note].compactMap { $0 })
    }
}
