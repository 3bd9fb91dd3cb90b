import Foundation
import TailorAudit
import TailorSupport

/// Thumbnails of the images of `dataset.csv`, in its order: `dataset_thumbnails.pgm`, a binary PGM in which they
/// lie one below the other. By them a version of a training image is known in the test set.
struct RunThumbnails {
    /// `ImageMeasurement.thumbnailSide`² bytes each.
    let thumbnails: [Data]

    private static let side = ImageMeasurement.thumbnailSide

    init(_ images: [ScreenedImage]) { thumbnails = images.map(\.measurement.thumbnail) }

    /// Reads the thumbnails of `count` images. Throws `FileError`, `ContentHashError`, and
    /// ``RunError/damagedFileList(_:reason:)`` when they are not those of the run.
    init(contentsOf url: URL, count: Int, sha256: String) throws {
        let header = Self.header(count)
        let size = Self.side * Self.side
        let data = try RegularFile.contents(of: url, maximumBytes: header.count + count * size)
        guard data.count == header.count + count * size, data.starts(with: header) else {
            throw RunError.damagedFileList(
                url.path, reason: "not the thumbnails of \(counted(count, "image"))")
        }
        let pixels = data.dropFirst(header.count)
        thumbnails = (0..<count).map { Data(pixels.dropFirst($0 * size).prefix(size)) }
        guard try self.sha256() == sha256 else {
            throw RunError.damagedFileList(url.path, reason: "changed since the run wrote it")
        }
    }

    /// SHA-256 of all thumbnails. Throws `ContentHashError`.
    func sha256() throws -> String {
        var hasher = try ContentHasher()
        for thumbnail in thumbnails { try hasher.update(thumbnail) }
        return try hasher.finish()
    }

    func write(to url: URL) throws {
        try AtomicFile.write(to: url) { file in
            try file.write(contentsOf: Self.header(thumbnails.count))
            for thumbnail in thumbnails { try file.write(contentsOf: thumbnail) }
        }
    }

    private static func header(_ count: Int) -> Data { Data("P5\n\(side) \(count * side)\n255\n".utf8) }
}
