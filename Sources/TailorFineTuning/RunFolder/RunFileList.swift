import Foundation
import TailorAudit
import TailorDatasets
import TailorSupport

/// Which file a run used for what: `dataset.csv`, with the columns `split,path,class,sha256,pixels_sha256`.
package struct RunFileList: Sendable {
    package struct Row: Sendable {
        package let part: SplitPart
        /// Path from the dataset's folder.
        package let path: String
        package let className: String
        /// SHA-256 of the file's bytes.
        package let sha256: String
        /// SHA-256 of size and pixels; empty in runs of earlier versions.
        package let pixelHash: String
    }

    package let rows: [Row]

    private static let columns = ["split", "path", "class", "sha256", "pixels_sha256"]

    init(_ images: [ScreenedImage], classes: ClassList) {
        rows = images.map { image in
            Row(
                part: image.split, path: image.path, className: classes.names[image.label],
                sha256: image.measurement.sha256, pixelHash: image.measurement.pixelHash)
        }
    }

    /// Throws ``RunError/damagedFileList(_:reason:)`` for a row that is none, `FileError` and `CSVError`.
    package init(contentsOf url: URL) throws {
        let data = try RegularFile.contents(of: url, maximumBytes: 1 << 30)
        let records = try CSV.records(String(decoding: data, as: UTF8.self), isOwn: true)
        guard let header = records.first?.fields, header.count >= 4, Self.columns.starts(with: header) else {
            throw RunError.damagedFileList(
                url.path, reason: "expected the columns \(Self.columns.joined(separator: ","))")
        }
        rows = try records.dropFirst().map { record in
            let fields = record.fields
            guard fields.count == header.count, let part = SplitPart(rawValue: fields[0]) else {
                throw RunError.damagedFileList(
                    url.path, reason: "line \(record.line) names no image of a split")
            }
            return Row(
                part: part, path: fields[1], className: fields[2], sha256: fields[3],
                pixelHash: fields.count > 4 ? fields[4] : "")
        }
    }

    func write(to url: URL) throws {
        let lines = rows.map {
            CSV.line([$0.part.rawValue, $0.path, $0.className, $0.sha256, $0.pixelHash])
        }
        let text = ([CSV.line(Self.columns)] + lines).joined(separator: "\n") + "\n"
        try AtomicFile.write(Data(text.utf8), to: url)
    }

    /// What became of an earlier list's images, in words with the first names; nil where none differs.
    func changes(since earlier: RunFileList) -> String? {
        let then = Dictionary(
            earlier.rows.map { (PathKey($0.path), $0) }, uniquingKeysWith: { first, _ in first })
        let now = Dictionary(rows.map { (PathKey($0.path), $0) }, uniquingKeysWith: { first, _ in first })
        let common = rows.compactMap { row in then[PathKey(row.path)].map { (now: row, then: $0) } }
        let kinds: [(what: String, paths: [String])] = [
            ("added", rows.filter { then[PathKey($0.path)] == nil }.map(\.path)),
            ("missing", earlier.rows.filter { now[PathKey($0.path)] == nil }.map(\.path)),
            ("with another content", common.filter { $0.now.sha256 != $0.then.sha256 }.map(\.now.path)),
            ("in another part", common.filter { $0.now.part != $0.then.part }.map(\.now.path)),
            ("of another class", common.filter { $0.now.className != $0.then.className }.map(\.now.path)),
        ]
        let found = kinds.filter { !$0.paths.isEmpty }.map {
            "\(counted($0.paths.count, "image")) \($0.what) (\($0.paths.listed(limit: 2)))"
        }
        return found.isEmpty ? nil : found.joined(separator: ", ")
    }

    /// Whether these are the images of a fingerprint, in its present form or that of earlier versions. Throws
    /// `ContentHashError`.
    func matches(fingerprint: String, classes: [String]) throws -> Bool {
        func files(_ part: SplitPart) -> [DatasetFingerprint.File] {
            rows.filter { $0.part == part }.map { ($0.path, $0.sha256, $0.className) }
        }
        return try [true, false].contains { withLabels in
            try DatasetFingerprint(
                train: files(.train), validation: files(.val), classes: ClassList(names: classes),
                withLabels: withLabels
            ).sha256 == fingerprint
        }
    }
}
