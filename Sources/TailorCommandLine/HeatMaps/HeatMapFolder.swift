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
    private let state = Mutex(State())

    /// Makes the folder, or takes that of an earlier call.
    ///
    /// - Parameters:
    ///   - inputs: files and folders as given; the pictures may not lie in one of the folders, where the next call
    ///     would take them for images.
    ///   - files: the images.
    /// - Throws: ``HeatMapFolderError``, `OutputFileError`, `FileError`.
    package init(_ url: URL, inputs: [String], files: [String]) throws {
        self.url = url
        let manager = FileManager.default
        // What is not there yet leads where its nearest folder does.
        var nearest = url.standardizedFileURL
        while !manager.fileExists(atPath: nearest.path), nearest.path != "/" {
            nearest.deleteLastPathComponent()
        }
        let path = nearest.resolvingSymlinksInPath().path
        for input in inputs {
            var isDirectory: ObjCBool = false
            let folder = URL(fileURLWithPath: input).resolvingSymlinksInPath().path
            if manager.fileExists(atPath: folder, isDirectory: &isDirectory), isDirectory.boolValue,
                PathKey(path) == PathKey(folder) || path.begins(with: folder == "/" ? "/" : folder + "/")
            {
                throw HeatMapFolderError(
                    path: url.path, reason: "lies in \(input.printable), which is searched for images")
            }
        }
        names = HeatMapNames(of: files).names
        let list = url.appending(path: Self.list)
        var isDirectory: ObjCBool = false
        if manager.fileExists(atPath: url.path, isDirectory: &isDirectory) {
            guard isDirectory.boolValue else {
                throw HeatMapFolderError(path: url.path, reason: "is no folder")
            }
            let found = try Self.filing("read", url) { try manager.contentsOfDirectory(atPath: url.path) }
            if !found.isEmpty, !found.contains(Self.list) {
                throw HeatMapFolderError(
                    path: url.path, reason: "is not empty, and holds no heat maps of an earlier call")
            }
        } else {
            try Self.filing("create", url) {
                try manager.createDirectory(at: url, withIntermediateDirectories: true)
            }
        }
        try OutputFile.check(list, mark: Self.mark)
        // At once, so that the folder is known if the work is stopped.
        try write(rows: [])
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
        try write(rows: state.rows.sorted { $0.key < $1.key }.map(\.value))
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
