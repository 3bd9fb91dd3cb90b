import Foundation

/// Parts of image files, written by hand so that every byte is what the test says.
enum Made {
    /// A big-endian number.
    static func big(_ value: Int, bytes: Int = 4) -> Data {
        Data((0..<bytes).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
    }

    /// A little-endian number.
    static func little(_ value: Int, bytes: Int = 4) -> Data { Data(big(value, bytes: bytes).reversed()) }

    /// A chunk of a PNG, without its checksum: for those that are not to be read.
    static func chunk(_ name: String, _ content: Data = Data()) -> Data {
        big(content.count) + Data(name.utf8) + content + Data(count: 4)
    }

    /// A chunk of a RIFF file.
    static func riffChunk(_ name: String, _ content: Data) -> Data {
        Data(name.utf8) + little(content.count) + content + Data(count: content.count % 2)
    }

    /// A WebP file of these chunks.
    static func webP(_ chunks: Data) -> Data {
        Data("RIFF".utf8) + little(chunks.count + 4) + Data("WEBP".utf8) + chunks
    }

    /// A box of a HEIF file.
    static func box(_ name: String, _ content: Data = Data()) -> Data {
        big(content.count + 8) + Data(name.utf8) + content
    }

    /// A segment of a JPEG file.
    static func segment(_ marker: UInt8, _ content: Data = Data()) -> Data {
        Data([0xFF, marker]) + big(content.count + 2, bytes: 2) + content
    }

    /// A TIFF structure of entries with one value each: an EXIF block.
    static func directory(_ entries: [(tag: Int, type: Int, count: Int, value: Int)]) -> Data {
        entries.reduce(into: Data("II*\0".utf8) + little(8) + little(entries.count, bytes: 2)) {
            data, entry in
            data += little(entry.tag, bytes: 2) + little(entry.type, bytes: 2)
            data += little(entry.count) + little(entry.value)
        } + little(0)
    }
}
