/// Width and height that a video decoder makes room for: of the coded picture, whatever its container says.
enum CodedSize {
    /// Most headers of one stream that are looked at; a still picture has one.
    private static let maximumHeaders = 64
    /// What a stream of more headers counts as.
    private static let unbounded = (width: 1 << 30, height: 1 << 30)

    /// Largest of the sequence headers in AV1 data (AV1 bitstream specification, 5.5); nil when there is none.
    static func ofAV1(_ data: UnsafeRawBufferPointer) -> (width: Int, height: Int)? {
        var largest: (width: Int, height: Int)?
        var (offset, headers) = (0, 0)
        while offset < data.count {
            let header = data[offset]
            offset += header & 0x04 != 0 ? 2 : 1
            var size = max(0, data.count - offset)
            if header & 0x02 != 0 {
                // Seven bits a byte, the lowest first.
                size = 0
                for index in 0..<8 where offset < data.count {
                    size |= Int(data[offset] & 0x7F) << (7 * index)
                    offset += 1
                    if data[offset - 1] & 0x80 == 0 { break }
                }
            }
            let end = min(offset + size, data.count)
            guard offset <= end else { break }
            if header >> 3 & 0x0F == 1 {
                headers += 1
                guard headers <= maximumHeaders else { return unbounded }
                take(sequenceHeader(BitReader(Array(data[offset..<min(end, offset + 1024)]))), &largest)
            }
            offset = end
        }
        return largest
    }

    /// Largest of the sequence parameter sets in an hvcC property (ISO/IEC 14496-15, 8.3.3).
    static func ofHEVCConfiguration(_ data: UnsafeRawBufferPointer) -> (width: Int, height: Int)? {
        var largest: (width: Int, height: Int)?
        guard data.count > 23 else { return nil }
        var offset = 23
        for _ in 0..<data[22] {
            guard offset + 3 <= data.count else { break }
            let units = Int(data[offset + 1]) << 8 | Int(data[offset + 2])
            offset += 3
            for _ in 0..<units {
                guard offset + 2 <= data.count else { break }
                let size = Int(data[offset]) << 8 | Int(data[offset + 1])
                offset += 2
                takeUnit(data, offset..<min(offset + size, data.count), &largest)
                offset += size
            }
        }
        return largest
    }

    /// Largest of the sequence parameter sets in HEVC data, of units that begin with their length in four bytes.
    static func ofHEVC(_ data: UnsafeRawBufferPointer) -> (width: Int, height: Int)? {
        var largest: (width: Int, height: Int)?
        var (offset, headers) = (0, 0)
        while offset + 4 <= data.count {
            let size = Int(UInt32(bigEndian: data.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            offset += 4
            let unit = offset..<min(offset + size, data.count)
            if isParameterSet(data, unit) { headers += 1 }
            guard headers <= maximumHeaders else { return unbounded }
            takeUnit(data, unit, &largest)
            offset += size
        }
        return largest
    }

    private static func take(_ size: (width: Int, height: Int), _ largest: inout (width: Int, height: Int)?) {
        if size.width * size.height > (largest.map { $0.width * $0.height } ?? 0) { largest = size }
    }

    private static func isParameterSet(_ data: UnsafeRawBufferPointer, _ unit: Range<Int>) -> Bool {
        unit.count > 2 && data[unit.lowerBound] >> 1 & 0x3F == 33
    }

    private static func takeUnit(
        _ data: UnsafeRawBufferPointer, _ range: Range<Int>, _ largest: inout (width: Int, height: Int)?
    ) {
        guard isParameterSet(data, range) else { return }
        // The third of three bytes 0, 0, 3 only keeps the first two from looking like a beginning.
        var bytes: [UInt8] = []
        for byte in data[range.dropFirst(2).prefix(1024)] where !(byte == 3 && bytes.suffix(2) == [0, 0]) {
            bytes.append(byte)
        }
        take(parameterSet(BitReader(bytes)), &largest)
    }

    /// HEVC's sequence parameter set (ITU-T H.265, 7.3.2.2) up to the size.
    private static func parameterSet(_ reader: BitReader) -> (width: Int, height: Int) {
        var reader = reader
        reader.skip(4)
        let layers = reader.bits(3)
        reader.skip(1 + 96)  // nesting; general profile, tier and level
        let present = (0..<layers).map { _ in (profile: reader.flag(), level: reader.flag()) }
        if layers > 0 { reader.skip(2 * (8 - layers)) }
        for layer in present { reader.skip((layer.profile ? 88 : 0) + (layer.level ? 8 : 0)) }
        _ = reader.exponentialGolomb()
        if reader.exponentialGolomb() == 3 { reader.skip(1) }
        let (width, height) = (reader.exponentialGolomb(), reader.exponentialGolomb())
        return (min(width, unbounded.width), min(height, unbounded.height))
    }

    /// AV1's sequence header up to the size.
    private static func sequenceHeader(_ reader: BitReader) -> (width: Int, height: Int) {
        var reader = reader
        reader.skip(4)  // profile, still picture
        if reader.flag() {
            reader.skip(5)  // reduced: a level only
        } else {
            skipOperatingPoints(&reader)
        }
        let (widthBits, heightBits) = (reader.bits(4) + 1, reader.bits(4) + 1)
        return (reader.bits(widthBits) + 1, reader.bits(heightBits) + 1)
    }

    private static func skipOperatingPoints(_ reader: inout BitReader) {
        var delayBits = 0
        if reader.flag() {  // timing
            reader.skip(64)
            if reader.flag() { _ = reader.exponentialGolomb() }
            if reader.flag() {  // decoder model
                delayBits = reader.bits(5) + 1
                reader.skip(32 + 5 + 5)
            }
        }
        let hasDisplayDelay = reader.flag()
        for _ in 0...reader.bits(5) {
            reader.skip(12)
            if reader.bits(5) > 7 { reader.skip(1) }
            if delayBits > 0, reader.flag() { reader.skip(2 * delayBits + 1) }
            if hasDisplayDelay, reader.flag() { reader.skip(4) }
        }
    }
}
