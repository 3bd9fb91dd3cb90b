// The only importer of CLibZ.
import CLibZ
import Foundation

/// Reader of a zip archive as `torch.save` writes it: stored (uncompressed) entries, zip64 or not.
///
/// Sizes and checksums come from the central directory, because `torch.save` leaves those of the local
/// headers zero. Reference: PKWARE APPNOTE 6.3.
struct ZipArchive {
    struct Entry {
        var name: String
        var headerOffset: Int
        var size: Int
        var checksum: UInt32
        /// Reason why the entry cannot be read; others may still be.
        var obstacle: String?
    }

    let path: String
    private let bytes: [UInt8]
    private(set) var entries: [String: Entry] = [:]

    private static let maximumEntries = 100_000

    init(_ bytes: [UInt8], path: String) throws(CheckpointError) {
        self.path = path
        self.bytes = bytes
        do {
            try readDirectory()
        } catch let error as CheckpointError {
            throw error
        } catch {
            throw .damaged(path: path, reason: "the zip directory is cut short")
        }
    }

    /// Contents of an entry, verified against its checksum.
    func contents(of entry: Entry) throws(CheckpointError) -> ArraySlice<UInt8> {
        if let obstacle = entry.obstacle {
            throw .unsupported(path: path, reason: "\(entry.name) \(obstacle)")
        }
        do {
            var reader = ByteReader(bytes, from: entry.headerOffset)
            guard try reader.unsigned(4) == 0x0403_4B50 else {
                throw CheckpointError.damaged(
                    path: path, reason: "no zip entry where \(entry.name) should be")
            }
            try reader.skip(22)
            let nameLength = try reader.length(2)
            let extraLength = try reader.length(2)
            guard try Array(reader.take(nameLength)) == Array(entry.name.utf8) else {
                throw CheckpointError.damaged(
                    path: path, reason: "another zip entry where \(entry.name) should be")
            }
            try reader.skip(extraLength)
            let data = try reader.take(entry.size)
            guard CRC32.checksum(data) == entry.checksum else {
                throw CheckpointError.damaged(path: path, reason: "checksum of \(entry.name) does not match")
            }
            return data
        } catch let error as CheckpointError {
            throw error
        } catch {
            throw .damaged(path: path, reason: "\(entry.name) reaches past the end of the file")
        }
    }

    private mutating func readDirectory() throws {
        let end = try endRecord()
        guard end.entryCount <= Self.maximumEntries else {
            throw CheckpointError.unsupported(
                path: path, reason: "\(end.entryCount) zip entries, at most \(Self.maximumEntries)")
        }
        // A record takes at least 46 bytes, so the file's size bounds their number.
        var reader = ByteReader(bytes, from: end.directoryOffset, to: end.recordOffset)
        guard end.directoryOffset <= end.recordOffset, end.entryCount <= reader.remaining / 46 else {
            throw CheckpointError.damaged(path: path, reason: "the zip directory lies outside the file")
        }
        for _ in 0..<end.entryCount {
            let entry = try directoryRecord(&reader)
            guard entries.updateValue(entry, forKey: entry.name) == nil else {
                throw CheckpointError.damaged(path: path, reason: "two zip entries named \(entry.name)")
            }
        }
    }

    private func directoryRecord(_ reader: inout ByteReader) throws -> Entry {
        guard try reader.unsigned(4) == 0x0201_4B50 else {
            throw CheckpointError.damaged(path: path, reason: "a record of the zip directory is missing")
        }
        try reader.skip(4)
        let flags = try reader.unsigned(2)
        let method = try reader.unsigned(2)
        try reader.skip(4)
        let checksum = UInt32(truncatingIfNeeded: try reader.unsigned(4))
        var stored = try reader.length(4)
        var size = try reader.length(4)
        let nameLength = try reader.length(2)
        let extraLength = try reader.length(2)
        let commentLength = try reader.length(2)
        try reader.skip(8)
        var offset = try reader.length(4)
        guard let name = String(bytes: try reader.take(nameLength), encoding: .utf8) else {
            throw CheckpointError.damaged(path: path, reason: "a zip entry whose name is not UTF-8")
        }
        // zip64: an extra field holds 8-byte values, in this order, for those that did not fit.
        var extra = ByteReader(Array(try reader.take(extraLength)))
        while extra.remaining >= 4 {
            let tag = try extra.unsigned(2)
            let length = try extra.length(2)
            var field = ByteReader(Array(try extra.take(length)))
            guard tag == 1 else { continue }
            if size == 0xFFFF_FFFF { size = try field.length(8) }
            if stored == 0xFFFF_FFFF { stored = try field.length(8) }
            if offset == 0xFFFF_FFFF { offset = try field.length(8) }
        }
        try reader.skip(commentLength)
        let obstacle =
            flags & 1 != 0
            ? "is encrypted"
            : method != 0 || stored != size
                ? "is compressed (zip method \(method)); torch.save stores plainly" : nil
        return Entry(
            name: name, headerOffset: offset, size: size, checksum: checksum, obstacle: obstacle)
    }

    private struct EndRecord {
        var entryCount: Int
        var directoryOffset: Int
        /// Offset of the end record; the directory ends before it.
        var recordOffset: Int
    }

    private func endRecord() throws -> EndRecord {
        // The record is 22 bytes and a comment of at most 65,535: search backwards for one that fits.
        guard bytes.count >= 22 else { throw ByteReader.EndOfData() }
        for offset in stride(from: bytes.count - 22, through: max(0, bytes.count - 22 - 0xFFFF), by: -1) {
            var reader = ByteReader(bytes, from: offset)
            guard try reader.unsigned(4) == 0x0605_4B50 else { continue }
            try reader.skip(6)
            let count = try reader.length(2)
            try reader.skip(4)
            let directory = try reader.length(4)
            guard try reader.length(2) == reader.remaining else { continue }
            let plain = EndRecord(entryCount: count, directoryOffset: directory, recordOffset: offset)
            return try zip64Record(before: offset) ?? plain
        }
        throw CheckpointError.damaged(
            path: path, reason: "no zip directory at the end of the file: cut short?")
    }

    private func zip64Record(before end: Int) throws -> EndRecord? {
        guard end >= 20 else { return nil }
        var locator = ByteReader(bytes, from: end - 20)
        guard try locator.unsigned(4) == 0x0706_4B50 else { return nil }
        try locator.skip(4)
        let offset = try locator.length(8)
        var reader = ByteReader(bytes, from: offset, to: end)
        guard offset < end, try reader.unsigned(4) == 0x0606_4B50 else {
            throw CheckpointError.damaged(path: path, reason: "no zip64 record where the zip directory says")
        }
        try reader.skip(28)
        let count = try reader.length(8)
        try reader.skip(8)
        return EndRecord(entryCount: count, directoryOffset: try reader.length(8), recordOffset: offset)
    }
}

/// CRC-32 checksum of zip archives, computed by zlib.
package enum CRC32 {
    package static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.withUnsafeBytes { buffer in
            let start = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
            return UInt32(truncatingIfNeeded: crc32_z(0, start, buffer.count))
        }
    }
}
