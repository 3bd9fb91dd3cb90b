import Foundation
import TailorAudit
import TailorDatasets
import TailorFineTuning
import TailorImages
import TailorReports
import TailorSupport

/// Writes a review as one page, or as several where one would be too large.
package struct ReviewWriter: Sendable {
    /// Longest side of a suspect's picture in pixels, and of one that is shown beside it.
    static let pictureSide = 384
    static let thumbnailSide = 112

    package let audit: DatasetAudit
    package var suspects: [ReviewPage.Suspect]
    /// Earlier decisions that the pages start with.
    package var decisions: [LabelDecision]
    package var notes: [String]
    package var origin: String
    package var workers: Int
    /// Where a model saw what it suggests, by path.
    package var heatMaps: [PathKey: ReviewPage.HeatMap] = [:]

    package init(
        _ audit: DatasetAudit, suspects: [ReviewPage.Suspect], decisions: [LabelDecision] = [],
        notes: [String] = [], origin: String, workers: Int
    ) {
        self.audit = audit
        self.suspects = suspects
        self.decisions = decisions
        self.notes = notes
        self.origin = origin
        self.workers = workers
    }

    /// Draws heat maps by a network: of the class that is suggested, else of the one that it answers.
    ///
    /// - Parameters:
    ///   - classes: the network's.
    ///   - progress: number of suspects done.
    package mutating func drawHeatMaps(
        by runner: ModelRunner, classes: ClassList, progress: ((Int) -> Void)? = nil
    ) {
        let images = suspects.map { suspect in
            (
                sample: Sample(root: audit.report.root, relativePath: suspect.path, label: 0),
                label: suspect.suggestion.flatMap { classes.index(of: audit.classes[$0]) }
            )
        }
        for (suspect, picture) in zip(
            suspects, RunHeatMaps.pictures(of: images, by: runner, progress: progress))
        {
            heatMaps[PathKey(suspect.path)] = picture.map.map {
                ReviewPage.HeatMap(jpeg: $0.jpeg, className: classes.names[$0.label])
            }
        }
    }

    /// Pages in the order of the suspects, each within the bounds of `ReviewPage`.
    ///
    /// - Parameters:
    ///   - url: file of the first page; further ones are `NAME-2.html`, `NAME-3.html`, …
    ///   - progress: called with the number of suspects whose pictures are made, from any thread.
    /// - Returns: the files that were written.
    /// - Throws: ``OutputFileError`` for a further page whose name is taken, `FileError`, `ContentHashError`.
    package func write(
        to url: URL, progress: (@Sendable (Int, Int) -> Void)? = nil
    ) throws -> [URL] {
        let parts = try divided(progress: progress)
        let files = parts.indices.map { Self.file($0, of: url) }
        for file in files.dropFirst() { try OutputFile.check(file, mark: ReviewPage.generatorMark) }
        let root = URL(fileURLWithPath: audit.report.root)
        let identity = try Self.identity(of: audit)
        for (number, part) in parts.enumerated() {
            let page = ReviewPage(
                title: root.standardizedFileURL.lastPathComponent, identity: identity, classes: audit.classes,
                targetCount: audit.trainedClassCount, suspects: part.suspects,
                decisions: decisions, pictures: part.pictures, heatMaps: part.heatMaps,
                pages: files.map(\.lastPathComponent), number: number, notes: notes, origin: origin)
            try AtomicFile.write(Data(try page.html().utf8), to: files[number])
        }
        return files
    }

    private struct Part {
        var suspects: [ReviewPage.Suspect] = []
        var pictures: [PathKey: Data] = [:]
        var heatMaps: [PathKey: ReviewPage.HeatMap] = [:]
        var bytes = 0

        /// Bytes that a suspect's pictures add to those that are there.
        func bytes(of images: Pictures) -> Int {
            images.pictures.filter { pictures[$0.key] == nil }
                .reduce(images.heatMap?.jpeg.count ?? 0) { $0 + $1.value.count }
        }

        func isFull(before images: Pictures) -> Bool {
            !suspects.isEmpty
                && (suspects.count >= ReviewPage.suspectLimit
                    || bytes + bytes(of: images) > ReviewPage.pictureBudget)
        }
    }

    /// JPEGs of a suspect and of what is shown beside it.
    private struct Pictures: Sendable {
        var pictures: [PathKey: Data] = [:]
        var heatMap: ReviewPage.HeatMap?
    }

    /// Suspects of one step: their pictures are made on all threads, then dealt to pages.
    private static let stepLength = 64

    private func divided(progress: (@Sendable (Int, Int) -> Void)?) throws -> [Part] {
        var parts = [Part()]
        for start in stride(from: 0, to: suspects.count, by: Self.stepLength) {
            let step = Array(suspects[start..<min(start + Self.stepLength, suspects.count)])
            let (writer, total) = (self, suspects.count)
            let report: @Sendable (Int) -> Void = { progress?(start + $0, total) }
            let made = ParallelMap.run(
                step.count, workers: workers, name: "pictures", progress: report
            ) { index in writer.pictures(of: step[index]) }
            for (suspect, images) in zip(step, made) {
                if parts[parts.count - 1].isFull(before: images) { parts.append(Part()) }
                let number = parts.count - 1
                parts[number].bytes += parts[number].bytes(of: images)
                parts[number].suspects.append(suspect)
                // A suspect's own picture is the larger one.
                parts[number].pictures.merge(images.pictures) { $0.count >= $1.count ? $0 : $1 }
                parts[number].heatMaps[PathKey(suspect.path)] = images.heatMap
            }
        }
        return parts
    }

    private func pictures(of suspect: ReviewPage.Suspect) -> Pictures {
        var found = Pictures(heatMap: heatMaps[PathKey(suspect.path)])
        let sides =
            suspect.neighbours.map { ($0.path, Self.thumbnailSide) } + [(suspect.path, Self.pictureSide)]
        for (path, side) in sides {
            let url = URL(fileURLWithPath: audit.report.root + "/" + path, isDirectory: false)
            found.pictures[PathKey(path)] = Thumbnail.whole(
                of: url, longestSide: side, intensityRange: audit.intensityRange)
        }
        return found
    }

    /// `review.html`, `review-2.html`, …
    private static func file(_ number: Int, of url: URL) -> URL {
        guard number > 0 else { return url }
        let name = url.deletingPathExtension().lastPathComponent
        let ending = url.pathExtension.isEmpty ? "" : "." + url.pathExtension
        return url.deletingLastPathComponent().appending(path: "\(name)-\(number + 1)\(ending)")
    }

    /// What changes when an image, its place or its class does: the browser's decisions are about this data.
    private static func identity(of audit: DatasetAudit) throws -> String {
        var hasher = try ContentHasher()
        for name in audit.classes { try hasher.update("class\0\(name)\0") }
        for image in audit.images where image.split != .test {
            try hasher.update("\(image.path)\0\(image.label)\0\(image.measurement.sha256)\0")
        }
        return try hasher.finish()
    }
}
