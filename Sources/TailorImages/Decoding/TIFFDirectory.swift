/// First directory of a TIFF structure: of a TIFF or BigTIFF file, or of an EXIF block.
///
/// Must not outlive the bytes it reads from.
struct TIFFDirectory {
    private let bytes: UnsafeRawBufferPointer
    private let isLittleEndian: Bool
    /// 64-bit offsets (BigTIFF).
    private let isBig: Bool
    /// Offset of the first entry.
    private let start: Int
    private let count: Int

    /// Finds the directory; nil when the structure is damaged.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 8 else { return nil }
        switch (bytes[0], bytes[1]) {
        case (0x49, 0x49): isLittleEndian = true
        case (0x4D, 0x4D): isLittleEndian = false
        default: return nil
        }
        self.bytes = bytes
        let isLittleEndian = isLittleEndian
        func integer(at offset: Int, size: Int) -> Int? {
            Self.integer(in: bytes, at: offset, size: size, isLittleEndian: isLittleEndian)
        }
        switch integer(at: 2, size: 2) {
        case 42: isBig = false
        case 43: isBig = true
        default: return nil
        }
        let size = isBig ? 8 : 2
        guard let directory = integer(at: isBig ? 8 : 4, size: isBig ? 8 : 4),
            let count = integer(at: directory, size: size)
        else { return nil }
        start = directory + size
        self.count = count
    }

    /// Values of a tag of unsigned integers, at most `limit`, or the `first` of them; nil when there is none or it
    /// is damaged.
    func values(of tag: Int, limit: Int = 4096, first: Int = .max) -> [Int]? {
        let (entrySize, wordSize) = isBig ? (20, 8) : (12, 4)
        var entry = start
        for _ in 0..<count {
            guard let name = integer(at: entry, size: 2) else { return nil }
            guard name == tag else {
                entry += entrySize
                continue
            }
            guard let type = integer(at: entry + 2, size: 2), Self.integerTypes.contains(type),
                let size = Self.typeSizes[type], let length = integer(at: entry + 4, size: wordSize),
                length <= limit
            else { return nil }
            var place: Int? = entry + 4 + wordSize
            if length * size > wordSize { place = integer(at: entry + 4 + wordSize, size: wordSize) }
            guard let place else { return nil }
            var values: [Int] = []
            for index in 0..<min(length, first) {
                guard let value = integer(at: place + index * size, size: size) else { return nil }
                values.append(value)
            }
            return values
        }
        return nil
    }

    /// First value of a tag of unsigned integers; nil when there is none or it is damaged.
    func value(of tag: Int) -> Int? { values(of: tag, limit: .max, first: 1)?.first }

    /// Number of entries, as the directory says.
    var entries: Int { count }

    /// Bytes that the values of all entries take together, of those that lie in the file.
    var valueBytes: Int {
        let (entrySize, wordSize) = isBig ? (20, 8) : (12, 4)
        var sum = 0
        for index in 0..<count {
            let entry = start + index * entrySize
            guard let type = integer(at: entry + 2, size: 2),
                let length = integer(at: entry + 4, size: wordSize),
                let place = integer(at: entry + 4 + wordSize, size: wordSize)
            else { return sum }
            let size = length * (Self.typeSizes[type] ?? 1)
            if size > wordSize, place + size <= bytes.count { sum += size }
        }
        return sum
    }

    /// Where it says at which offset the next directory begins; nil for the last directory.
    var followingPlace: Range<Int>? {
        let size = isBig ? 8 : 4
        let place = start + count * (isBig ? 20 : 12)
        guard place <= bytes.count - size else { return nil }
        let word = UnsafeRawBufferPointer(rebasing: bytes[place..<place + size])
        guard word.contains(where: { $0 != 0 }) else { return nil }
        return place..<place + size
    }

    /// Bytes of a value of each type: 1 BYTE, 2 ASCII, 3 SHORT, 4 LONG, 5 RATIONAL… 13 IFD, 16 to 18 of 64 bits.
    private static let typeSizes = [
        1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8,
    ]
    /// Types of whole numbers, those with a sign included, as libtiff takes them too.
    private static let integerTypes: Set = [1, 3, 4, 6, 8, 9, 16, 17]

    private func integer(at offset: Int, size: Int) -> Int? {
        Self.integer(in: bytes, at: offset, size: size, isLittleEndian: isLittleEndian)
    }

    /// nil beyond the bytes, and for what an offset cannot be (2⁴⁸ or more): sums never overflow.
    private static func integer(
        in bytes: UnsafeRawBufferPointer, at offset: Int, size: Int, isLittleEndian: Bool
    ) -> Int? {
        guard offset >= 0, offset <= bytes.count - size else { return nil }
        var value: UInt64 = 0
        for index in 0..<size {
            value = value << 8 | UInt64(bytes[offset + (isLittleEndian ? size - 1 - index : index)])
        }
        return value < 1 << 48 ? Int(value) : nil
    }
}
