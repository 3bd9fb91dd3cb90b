/// Writer of a zip archive laid out as `torch.save` does: stored (uncompressed) entries whose contents begin
/// at multiples of 64, followed by checksum and size, without dates.
///
/// The layout is part of the format: PyTorch maps storages into memory, and may compute their offsets instead
/// of looking them up. Reference: PKWARE APPNOTE 6.3.
///
/// The fields are those of plain zip, so the caller keeps names under 64 KiB and the archive under 4 GiB.
/// Only the number of entries may be larger, because the end record is also written in zip64, as PyTorch
/// does.
struct ZipWriter {
    static let alignment = 64

    private var file: ByteWriter
    private var directory = ByteWriter()
    private var count = 0

    init(capacity: Int = 0) {
        file = ByteWriter(capacity: capacity)
    }

    mutating func add(_ name: String, _ contents: [UInt8]) {
        let name = Array(name.utf8)
        let offset = file.bytes.count
        let checksum = Int(CRC32.checksum(contents[...]))
        // Flags: UTF-8 name; checksum and sizes follow the contents, if there are any.
        let flags = contents.isEmpty ? 0x0800 : 0x0808
        // An extra field "FB" filled with "Z" pads to the alignment.
        let padding = Self.padding(after: offset + 30 + name.count + 4)

        file.integer(0x0403_4B50, 4)
        file.integer(0, 2)  // version needed
        file.integer(flags, 2)
        file.zeros(18)  // method, time, date, checksum, sizes
        file.integer(name.count, 2)
        file.integer(4 + padding, 2)
        file.append(name)
        file.append("FB".utf8)
        file.integer(padding, 2)
        file.append(repeatElement(UInt8(ascii: "Z"), count: padding))
        file.append(contents)
        if !contents.isEmpty {
            file.integer(0x0807_4B50, 4)
            file.integer(checksum, 4)
            file.integer(contents.count, 4)
            file.integer(contents.count, 4)
        }

        directory.integer(0x0201_4B50, 4)
        directory.zeros(4)  // versions
        directory.integer(flags, 2)
        directory.zeros(6)  // method, time, date
        directory.integer(checksum, 4)
        directory.integer(contents.count, 4)
        directory.integer(contents.count, 4)
        directory.integer(name.count, 2)
        directory.zeros(12)  // extra field, comment, disk, attributes
        directory.integer(offset, 4)
        directory.append(name)
        count += 1
    }

    /// Finishes the archive with its directory.
    consuming func finished() -> [UInt8] {
        let start = file.bytes.count
        file.append(directory.bytes)

        let record = file.bytes.count
        file.integer(0x0606_4B50, 4)
        file.integer(44, 8)  // bytes of this record from here on
        file.integer(0x031E, 2)  // made by Unix, 3.0
        file.integer(45, 2)  // needs 4.5: zip64
        file.zeros(8)  // disks
        file.integer(count, 8)
        file.integer(count, 8)
        file.integer(directory.bytes.count, 8)
        file.integer(start, 8)

        file.integer(0x0706_4B50, 4)
        file.zeros(4)
        file.integer(record, 8)
        file.integer(1, 4)

        file.integer(0x0605_4B50, 4)
        file.zeros(4)
        file.integer(min(count, 0xFFFF), 2)
        file.integer(min(count, 0xFFFF), 2)
        file.integer(directory.bytes.count, 4)
        file.integer(start, 4)
        file.integer(0, 2)  // comment
        return file.bytes
    }

    private static func padding(after position: Int) -> Int {
        (alignment - position % alignment) % alignment
    }
}
