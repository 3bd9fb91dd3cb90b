import Foundation
import Synchronization
import TailorEvaluation
import TailorImages
import TailorInference
import TailorSupport

/// A folder of heat maps over their images, and `heatmaps.csv`, which lists them. May be used from several threads.
package final class HeatMapFolder: Sendable {
    private static let list = "heatmaps.csv"
    private static let columns = [
        "image", "heatmap", "class", "probability", "heatmap_class", "heatmap_probability", "peak_x",
        "peak_y",
        "peak",
    ]
    /// Sign by which the list of an earlier call is known.
    private static let mark = OutputFile.Mark(
        kind: "a list of heat maps", text: columns.joined(separator: ","))
    private static let quality = 90

    private struct State {
        var rows: [Int: String] = [:]
        var isUncaptioned = false
    }

    private let url: URL
    private let names: [String]
    /// Rows of earlier calls.
    private let earlier: [[String]]
    /// Keeps a second process from drawing into the folder, of which one would lose its list.
    private let lock: FolderLock
    private let state = Mutex(State())

    /// Makes the folder, or takes that of an earlier call.
    ///
    /// - Parameters:
    ///   - inputs: files and folders as given; the pictures may not lie in one of the folders, where the next call
    ///     would take them for images.
    ///   - files: the images.
    /// - Throws: ``HeatMapFolderError``, `FolderLockError`, `OutputFileError`, `FileError`.
    package init(_ url: URL, inputs: [String], files: [String]) throws {
        self.url = url
        let manager = FileManager.default
        for input in inputs {
            var isDirectory: ObjCBool = false
            if manager.fileExists(atPath: input, isDirectory: &isDirectory), isDirectory.boolValue,
                url.isWithin(URL(fileURLWithPath: input))
            {
                throw HeatMapFolderError(
                    path: url.path, reason: "lies in \(input.printable), which is searched for images")
            }
        }
        let names = HeatMapNames(of: files).names
        self.names = names
        let list = url.appending(path: Self.list)
        var isDirectory: ObjCBool = false
        if manager.fileExists(atPath: url.path, isDirectory: &isDirectory) {
            guard isDirectory.boolValue else {
                throw HeatMapFolderError(path: url.path, reason: "is no folder")
            }
            let found = try Self.filing("read", url) { try manager.contentsOfDirectory(atPath: url.path) }
            if found.contains(where: { $0 != FolderLock.fileName }), !found.contains(Self.list) {
                throw HeatMapFolderError(
                    path: url.path, reason: "is not empty, and holds no heat maps of an earlier call")
            }
        } else {
            try Self.filing("create", url) {
                try manager.createDirectory(at: url, withIntermediateDirectories: true)
            }
        }
        lock = try FolderLock(folder: url)
        try OutputFile.check(list, mark: Self.mark)
        earlier = try Self.rows(of: list)
        try Self.checkReplaceable(names, earlier: earlier, in: url, images: files)
        // At once, so that the folder and its pictures are known if the work is stopped.
        let planned = zip(files, names).map {
            CSV.line([$0, $1] + Self.columns.dropFirst(2).map { _ in "" })
        }
        try write(rows: kept(beside: names) + planned)
    }

    /// Rows of a list; none where there is no list.
    private static func rows(of list: URL) throws -> [[String]] {
        guard let data = try? Data(contentsOf: list) else { return [] }
        do {
            return try CSV.parse(String(decoding: data, as: UTF8.self), isOwn: true).dropFirst()
                .filter { $0.count == columns.count }
        } catch {
            throw HeatMapFolderError(path: list.path, reason: "cannot be read (\(error))")
        }
    }

    /// Refuses to replace what no earlier call has drawn, an image that is to be looked at above all.
    private static func checkReplaceable(
        _ names: [String], earlier: [[String]], in url: URL, images: [String]
    ) throws {
        for image in images
        where URL(fileURLWithPath: image).deletingLastPathComponent().isWithin(url) {
            throw HeatMapFolderError(
                path: url.path, reason: "holds \(image.printable), which is an image to be looked at")
        }
        let drawn = Set(earlier.map { PathKey($0[1]) })
        for name in names {
            let target = url.appending(path: name)
            guard target.deletingLastPathComponent().isWithin(url) else {
                throw HeatMapFolderError(
                    path: url.path,
                    reason: "the folder of \(name.printable) in it is a link that leads elsewhere")
            }
            var facts = stat()
            guard lstat(target.path, &facts) == 0, !drawn.contains(PathKey(name)) else { continue }
            throw HeatMapFolderError(
                path: url.path, reason: "holds \(name.printable), which no earlier call has drawn")
        }
    }

    /// Rows of earlier calls whose pictures are still there, beside those of these names.
    private func kept(beside names: [String]) -> [String] {
        let now = Set(names.map { PathKey($0) })
        return earlier.filter {
            !now.contains(PathKey($0[1]))
                && FileManager.default.fileExists(atPath: url.appending(path: $0[1]).path)
        }.map { CSV.line($0) }
    }

    /// Draws the map of file `index`, which was given as `path`. Throws `FileError` and `ImageError`.
    package func add(_ index: Int, _ path: String, _ image: RGBImage, _ explanation: Explanation) throws {
        let answer = explanation.classification
        let shown = answer.classes[explanation.label]
        let probability = answer.probabilities[explanation.label]
        var caption = ["\(answer.label.printable)  \(Self.fixed(answer.probability))"]
        if let doubt = answer.rejection { caption[0] += "  (\(doubt.rawValue))" }
        if explanation.label != answer.best {
            caption.append("evidence for \(shown.printable)  \(Self.fixed(probability))")
        }
        let overlay = try HeatMapOverlay(explanation.heatMap, over: image, caption: caption)
        let target = url.appending(path: names[index])
        let folder = target.deletingLastPathComponent()
        try Self.filing("create", folder) {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        try AtomicFile.write(overlay.image.jpegData(quality: Self.quality), to: target)
        let peak = overlay.peak
        state.withLock {
            $0.rows[index] = CSV.line(
                [
                    path, names[index], answer.label, Self.fixed(answer.probability, 6), shown,
                    Self.fixed(probability, 6),
                ]
                    + [
                        peak.map { "\($0.x)" }, peak.map { "\($0.y)" },
                        peak.map { Self.fixed(Double($0.value)) },
                    ]
                    .map { $0 ?? "" })
            if !overlay.isCaptioned { $0.isUncaptioned = true }
        }
    }

    /// Writes the list, and says what the folder holds.
    ///
    /// - Returns: a warning, if there is one.
    package func finish() throws -> (note: String, warning: String?) {
        let state = state.withLock { $0 }
        let rows = state.rows.sorted { $0.key < $1.key }
        try write(rows: kept(beside: rows.map { names[$0.key] }) + rows.map(\.value))
        return (
            "Heat maps: \(url.relativePath.printable)",
            state.isUncaptioned
                ? "the pictures have no captions: libvips finds no font here; \(Self.list) holds what they would say"
                : nil
        )
    }

    private func write(rows: [String]) throws {
        let lines = [Self.columns.joined(separator: ",")] + rows
        try AtomicFile.write(
            Data(lines.map { $0 + "\n" }.joined().utf8), to: url.appending(path: Self.list))
    }

    private static func filing<R>(_ operation: String, _ url: URL, _ body: () throws -> R) throws -> R {
        do { return try body() } catch {
            throw FileError(operation: operation, path: url.path, reason: FileError.reason(of: error))
        }
    }

    private static func fixed(_ value: Double, _ digits: Int = 3) -> String {
        String(format: "%.\(digits)f", value)
    }
}

/// A folder that heat maps are not written to.
package struct HeatMapFolderError: CategorizedError, Equatable {
    package let path: String
    package let reason: String

    package var category: ErrorCategory { .input }
    package var description: String { "--heatmap \(path.printable): \(reason): choose another folder" }
}
