import Foundation
import TailorDatasets
import TailorImages
import TailorSupport

/// Writer of a planned split: folders of links, copies or crops, or a manifest alone.
public struct SplitWriter: Sendable {
    private let source: SplitSource
    private let manifest: SplitManifest
    private let destination: SplitDestination
    private let summary: SplitSummary
    private let workers: Int

    /// Creates a writer. Throws `SplitError.beyond` when the plan belongs to another source, and
    /// `SplitError.destination` for crops as links or a manifest.
    public init(
        source: SplitSource, plan: SplitPlan, destination: SplitDestination,
        workers: Int = ProcessorCount.available
    ) throws {
        if source.cropping != nil, destination.mode != .copy {
            throw SplitError.destination(
                path: destination.path,
                reason: "crops are new files: neither links nor a manifest can hold them")
        }
        self.source = source
        self.destination = destination
        self.workers = workers
        manifest = try SplitManifest(source: source, plan: plan)
        summary = SplitSummary(source: source, plan: plan, destination: destination)
    }

    /// Writes the split atomically: a temporary folder is renamed at the end. Folders also get `split.csv`
    /// and `split.json`. The source is not changed.
    ///
    /// - Parameters:
    ///   - shouldStop: called before each image; true throws `SplitError.interrupted`.
    ///   - progress: called with the number of images done and in total, one call at a time, from any thread.
    /// - Throws: `FileError`, `ImageError` and `SplitError`.
    @discardableResult public func write(
        shouldStop: (@Sendable () -> Bool)? = nil, progress: (@Sendable (Int, Int) -> Void)? = nil
    ) throws -> SplitSummary {
        if destination.mode == .manifest {
            let folder = RelativePath.folder(destination.path)
            let made = try NewFolder.makeFolders(folder)
            do {
                let root = DirectoryListing.resolved(source.root) ?? source.root
                let home = DirectoryListing.resolved(folder) ?? folder
                let text = manifest.csv { pathBetween(home, root + "/" + $0.image.path) }
                try NewFile.make(Data(text.utf8), at: destination.path)
            } catch {
                for folder in made.reversed() { rmdir(folder) }
                throw error
            }
            return summary
        }
        try destination.build { folder in
            for path in Set(manifest.rows.map { RelativePath.folder($0.file) }) {
                try NewFolder.makeFolders(folder + "/" + path)
            }
            try fill(folder, shouldStop: shouldStop, progress: progress)
            try NewFile.make(Data(manifest.csv(file: \.file).utf8), at: folder + "/split.csv")
            try NewFile.make(try JSONFile.encode(summary), at: folder + "/split.json")
        }
        return summary
    }

    private func fill(
        _ folder: String, shouldStop: (@Sendable () -> Bool)?, progress: (@Sendable (Int, Int) -> Void)?
    ) throws {
        let root = DirectoryListing.resolved(source.root) ?? source.root
        // All crops of an image together, so that it is decoded once.
        let byImage = Dictionary(grouping: manifest.rows) { PathKey($0.image.path) }
            .sorted { $0.key < $1.key }.map(\.value)
        let (mode, cropping, count) = (destination.mode, source.cropping, byImage.count)
        // Links are relative to the final folder; the temporary one has the same parent.
        let parent = DirectoryListing.resolved(RelativePath.folder(folder)) ?? RelativePath.folder(folder)
        let home = parent + "/" + RelativePath.name(folder)
        let place: @Sendable (Int) throws -> Void = { index in
            let rows = byImage[index]
            guard let first = rows.first else { return }
            let original = root + "/" + first.image.path
            if let cropping {
                return try Self.cut(rows, from: original, cropping: cropping, into: folder)
            }
            for row in rows {
                let path = folder + "/" + row.file
                if mode == .copy {
                    try NewFile.copy(original, at: path)
                } else {
                    let start = home + "/" + RelativePath.folder(row.file)
                    try NewFile.link(RelativePath.path(from: start, to: original), at: path)
                }
            }
        }
        _ = try ParallelMap.run(
            count, workers: workers, name: "split",
            check: { if shouldStop?() == true { throw SplitError.interrupted } },
            progress: { progress?($0, count) }, place)
    }

    private static func cut(
        _ rows: [SplitManifest.Row], from original: String, cropping: Cropping, into folder: String
    ) throws {
        let image = try ImageDecoder(intensityRange: cropping.intensityRange)
            .decode(contentsOf: URL(fileURLWithPath: original))
        for row in rows {
            guard let part = row.image.crop else { continue }
            try NewFile.make(try cropping.encode(image.cropped(to: part)), at: folder + "/" + row.file)
        }
    }
}

/// Summary of a split in numbers: `split.json` and the output of `tailor split --json`.
public struct SplitSummary: Codable, Sendable, Hashable {
    public let source: String
    public let destination: String
    public let mode: SplitDestination.Mode
    public let seed: UInt64
    /// Requested shares.
    public let shares: SplitShares
    /// Number of images, or of crops.
    public let images: Int
    public let groups: Int
    public let classes: [SplitPlan.ClassShare]
    /// Parts that were taken over as they were; nil for none. The shares are then of the other images.
    public let kept: [SplitPart]?
    /// Largest difference between a class's share in a part and the requested one, 0…1.
    public let largestDeviation: Double
    public let warnings: [String]
    public let notes: [String]
    /// True where the source gave the parts, and `shares` are those that it has; nil where they were planned.
    public let isGiven: Bool?

    init(source: SplitSource, plan: SplitPlan, destination: SplitDestination) {
        self.source = source.path
        self.destination = destination.path
        mode = destination.mode
        seed = plan.seed
        shares = plan.shares
        images = source.images.count
        groups = plan.groupCount
        classes = plan.classes
        kept = source.kept.isEmpty ? nil : source.kept
        largestDeviation = plan.divided.map { $0.deviation(from: plan.shares) }.max() ?? 0
        warnings = source.warnings + plan.warnings
        notes = source.notes
        isGiven = plan.isGiven ? true : nil
    }
}
