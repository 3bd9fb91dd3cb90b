import Foundation
import TailorSupport

/// A file format, recognised by the first bytes.
public enum ImageFormat: String, Codable, CaseIterable, Sendable, CustomStringConvertible {
    case jpeg, png, tiff, webp, gif, heif, bmp, pnm

    public var description: String {
        switch self {
        case .jpeg: "JPEG"
        case .png: "PNG"
        case .tiff: "TIFF"
        case .webp: "WebP"
        case .gif: "GIF"
        case .heif: "HEIF"
        case .bmp: "BMP"
        case .pnm: "PNM"
        }
    }

    /// Recognises the format by the first bytes; nil if it is none of these.
    public init?(sniffing data: Data) {
        let head = [UInt8](data.prefix(32))
        func starts(_ bytes: [UInt8], at offset: Int = 0) -> Bool {
            head.count >= offset + bytes.count && Array(head[offset..<offset + bytes.count]) == bytes
        }
        func starts(_ text: String, at offset: Int = 0) -> Bool { starts(Array(text.utf8), at: offset) }

        if starts([0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if starts([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if starts([0x49, 0x49, 0x2A, 0]) || starts([0x4D, 0x4D, 0, 0x2A])
            || starts([0x49, 0x49, 0x2B, 0])
            || starts([0x4D, 0x4D, 0, 0x2B])
        {
            self = .tiff
        } else if starts("RIFF"), starts("WEBP", at: 8) {
            self = .webp
        } else if starts("GIF87a") || starts("GIF89a") {
            self = .gif
        } else if starts("ftyp", at: 4), Self.heifBrands.contains(where: { starts($0, at: 8) }) {
            self = .heif
        } else if starts("BM"), head.count >= 18, [12, 40, 52, 56, 64, 108, 124].contains(head[14]),
            starts([0, 0, 0], at: 15)
        {
            self = .bmp
        } else if head.count >= 3, head[0] == 0x50, (0x31...0x36).contains(head[1]),
            PNMFile.isSpace(head[2]) || head[2] == 0x23
        {
            self = .pnm
        } else {
            return nil
        }
    }

    private static let heifBrands = [
        "heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1", "avif", "avis",
    ]

    /// Describes bytes that are no known image, for the error: "an HTML page", "text"…
    static func describeUnknown(_ data: Data) -> String {
        let head = [UInt8](data.prefix(512))
        func starts(_ text: String, at offset: Int = 0) -> Bool {
            head.dropFirst(offset).starts(with: text.utf8)
        }
        let known: [(matches: Bool, name: String)] = [
            (starts("%PDF"), "a PDF document"),
            (starts("PK\u{03}\u{04}"), "a ZIP archive or office document"),
            (starts("8BPS"), "a Photoshop document"),
            (starts("SIMPLE  ="), "a FITS image"),
            (starts("ftyp", at: 4), "an MP4 or QuickTime video, or an unknown kind of HEIF"),
            (starts("RIFF"), "a RIFF file (AVI, WAV…)"),
            (starts("jP  ", at: 4), "a JPEG 2000 image"),
            (head.starts(with: [0xFF, 0x4F, 0xFF, 0x51]), "a JPEG 2000 image"),
            (head.starts(with: [0xFF, 0x0A]) || starts("JXL ", at: 4), "a JPEG XL image"),
            (head.starts(with: [0, 0, 1, 0]), "a Windows icon"),
            (head.starts(with: [0x1F, 0x8B]), "gzip-compressed data"),
            (starts("version https://git-lfs"), "a Git LFS pointer; the image itself was not fetched"),
        ]
        if let foreign = ForeignFormat(head: Data(head)) {
            return "a \(foreign.name) file, \(foreign.remedy.replacing("them", with: "it"))"
        }
        if let match = known.first(where: \.matches) { return match.name }
        if head.allSatisfy({ $0 == 0 }) { return "its first bytes are zero" }
        let isText = head.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }
        guard isText else { return "unknown binary data" }
        let text = String(decoding: head, as: UTF8.self).drop(while: \.isWhitespace).lowercased()
        if text.hasPrefix("<!doctype html") || text.hasPrefix("<html") { return "an HTML page" }
        if text.hasPrefix("<svg") || (text.hasPrefix("<?xml") && text.contains("<svg")) {
            return "an SVG drawing"
        }
        return "text"
    }
}

extension ImageFormat {
    /// Recognises the format by the extension of a file name or path, in either case; nil if it is no
    /// image's.
    ///
    /// Decides which files of a folder are images. How a file is decoded depends on its content.
    package init?(named name: String) {
        guard let format = fileExtension(of: name).flatMap({ Self.extensions[$0] }) else { return nil }
        self = format
    }

    private static let extensions: [String: ImageFormat] = [
        "jpg": .jpeg, "jpeg": .jpeg, "jpe": .jpeg, "jfif": .jpeg, "png": .png, "ppm": .pnm, "pgm": .pnm,
        "pbm": .pnm, "pnm": .pnm, "bmp": .bmp, "dib": .bmp, "tif": .tiff, "tiff": .tiff, "webp": .webp,
        "gif": .gif, "heic": .heif, "heif": .heif, "avif": .heif,
    ]
}
