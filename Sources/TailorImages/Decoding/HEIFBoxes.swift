/// The boxes of a HEIF file (ISO/IEC 14496-12 and 23008-12), as far as they decide what reading it costs.
///
/// libheif reads all of them, whatever they are, before it looks for the picture, and each item's bytes as often
/// as an item names them.
///
/// Must not outlive the bytes it reads from.
struct HEIFBoxes {
    /// Most boxes that lie in no other box; real files have fewer than ten.
    static let maximumCount = 1000
    /// Most references between items; a picture of 48 megapixels is a grid of 192 tiles.
    static let maximumReferences = 4096

    /// Most steps from a picture down to the items that it is made from; an overlay of grids with alpha takes four.
    static let maximumDepth = 8

    /// Number of boxes that lie in no other, counted up to one beyond the maximum.
    private(set) var count = 0
    /// Bytes of the boxes that describe the images, meta and moov.
    private(set) var metaBytes = 0
    /// Bytes of all items together; bytes that two items share count twice.
    private(set) var itemBytes = 0
    /// References from one item to another, tiles of grids among them.
    private(set) var references = 0
    /// Items that an item is made from: tiles of a grid, its alpha, its thumbnail.
    private var parts: [Int: [Int]] = [:]
    /// Offsets of the first byte of each item type that is Exif.
    private(set) var exifTypes: [Int] = []

    /// Pixels of the largest coded picture among the items; a decoder makes room for it whatever is said of it
    /// elsewhere.
    private(set) var codedPixels = 0

    private let bytes: UnsafeRawBufferPointer
    /// Bytes of the box of metadata whose offsets count from its own idat.
    private var inlineData = 0..<0
    private var extents: [Int: [Range<Int>]] = [:]
    private var inlineItems: Set<Int> = []
    private var items: (av1: Set<Int>, hevc: Set<Int>) = ([], [])

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        forEachBox(in: 0..<bytes.count, limit: Self.maximumCount + 1) { name, content in
            count += 1
            guard name == "meta" || name == "moov" else { return }
            metaBytes += content.count
            if name == "meta" { takeMetadata(content) }
        }
        takeCodedSizes()
    }

    private mutating func takeMetadata(_ content: Range<Int>) {
        // A version and flags come first.
        forEachBox(in: content.dropFirst(4)) { name, content in
            switch name {
            case "iloc": takeLocations(content)
            case "iref": takeReferences(content)
            case "idat": inlineData = content
            case "iprp": takeProperties(content)
            case "iinf":
                let isLong = integer(at: content.lowerBound, size: 1, end: content.upperBound) ?? 0 > 0
                forEachBox(in: content.dropFirst(isLong ? 8 : 6)) { name, content in
                    if name == "infe" { takeItem(content) }
                }
            default: break
            }
        }
    }

    /// One item's number and type.
    private mutating func takeItem(_ content: Range<Int>) {
        guard let version = integer(at: content.lowerBound, size: 1, end: content.upperBound), version >= 2
        else {
            return
        }
        let numberSize = version == 2 ? 2 : 4
        let place = content.lowerBound + 4 + numberSize + 2
        guard place + 4 <= content.upperBound,
            let item = integer(at: content.lowerBound + 4, size: numberSize, end: content.upperBound)
        else { return }
        let type = String(decoding: bytes[place..<place + 4], as: UTF8.self)
        switch type.lowercased() {
        case "av01": items.av1.insert(item)
        case "hvc1": items.hevc.insert(item)
        case "exif": exifTypes.append(place)
        default: break
        }
    }

    /// Coded sizes that stand in the properties of items.
    private mutating func takeProperties(_ content: Range<Int>) {
        forEachBox(in: content) { name, content in
            guard name == "ipco" else { return }
            forEachBox(in: content) { name, content in
                let data = UnsafeRawBufferPointer(rebasing: bytes[content])
                switch name {
                case "hvcC": take(CodedSize.ofHEVCConfiguration(data))
                // Four bytes come first.
                case "av1C": take(CodedSize.ofAV1(UnsafeRawBufferPointer(rebasing: data.dropFirst(4))))
                default: break
                }
            }
        }
    }

    /// Coded sizes that stand in the items themselves.
    private mutating func takeCodedSizes() {
        for item in items.av1.union(items.hevc) {
            let base = inlineItems.contains(item) ? inlineData : 0..<bytes.count
            let ranges = (extents[item] ?? []).map { extent in
                let start = min(base.lowerBound + extent.lowerBound, base.upperBound)
                return start..<min(start + extent.count, base.upperBound)
            }
            // A header may be cut in two by the border of two extents.
            let joined = ranges.count == 1 ? [] : ranges.flatMap { bytes[$0] }
            joined.withUnsafeBytes { joined in
                let data = ranges.count == 1 ? UnsafeRawBufferPointer(rebasing: bytes[ranges[0]]) : joined
                if items.av1.contains(item) { take(CodedSize.ofAV1(data)) }
                if items.hevc.contains(item) { take(CodedSize.ofHEVC(data)) }
            }
        }
    }

    private mutating func take(_ size: (width: Int, height: Int)?) {
        if let size { codedPixels = max(codedPixels, size.width * size.height) }
    }

    /// Which items name which: per list the one that names, and those that it names.
    private mutating func takeReferences(_ content: Range<Int>) {
        let isLong = integer(at: content.lowerBound, size: 1, end: content.upperBound) ?? 0 > 0
        let size = isLong ? 4 : 2
        forEachBox(in: content.dropFirst(4)) { name, list in
            guard let item = integer(at: list.lowerBound, size: size, end: list.upperBound),
                let named = integer(at: list.lowerBound + size, size: 2, end: list.upperBound)
            else { return }
            references += named
            guard references <= Self.maximumReferences else { return }
            for index in 0..<named {
                let place = list.lowerBound + size + 2 + index * size
                guard let other = integer(at: place, size: size, end: list.upperBound) else { return }
                switch name {
                case "dimg": parts[item, default: []].append(other)
                case "auxl", "thmb": parts[other, default: []].append(item)
                default: break
                }
            }
        }
    }

    /// Whether items are made from one another deeper than any writer makes them, or in a circle: libheif would go
    /// round until its stack ends.
    var isTooDeep: Bool {
        var left = parts
        for _ in 0..<Self.maximumDepth {
            // Those made from nothing that is left.
            let resolved = left.filter { $0.value.allSatisfy { left[$0] == nil } }
            for item in resolved.keys { left[item] = nil }
        }
        return !left.isEmpty
    }

    /// Where the bytes of each item lie.
    private mutating func takeLocations(_ content: Range<Int>) {
        let end = content.upperBound
        var position = content.lowerBound
        func next(_ size: Int) -> Int? {
            guard size > 0 else { return 0 }
            defer { position += size }
            return integer(at: position, size: size, end: end)
        }
        guard let version = next(1), next(3) != nil, let sizes = next(2) else { return }
        let (offsetSize, lengthSize, baseSize) = (sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15)
        let indexSize = version > 0 ? sizes & 15 : 0
        let numberSize = version == 2 ? 4 : 2
        guard let items = next(numberSize) else { return }
        for _ in 0..<items {
            guard let item = next(numberSize), let method = next(version > 0 ? 2 : 0), next(2) != nil,
                let base = next(baseSize), let count = next(2)
            else { return }
            if method & 15 == 1 { inlineItems.insert(item) }
            for _ in 0..<count {
                guard next(indexSize) != nil, let offset = next(offsetSize), let length = next(lengthSize)
                else {
                    return
                }
                itemBytes = min(itemBytes + length, 1 << 60)
                extents[item, default: []].append(base + offset..<base + offset + length)
            }
        }
    }

    /// Calls with the name and the content of each box in a part of the file.
    private func forEachBox(
        in part: Range<Int>, limit: Int = .max, _ body: (_ name: String, _ content: Range<Int>) -> Void
    ) {
        var (offset, found) = (part.lowerBound, 0)
        while found < limit, let short = integer(at: offset, size: 4, end: part.upperBound),
            offset + 8 <= part.upperBound
        {
            var (size, header) = (short, 8)
            // 1: a size of 64 bits follows; 0: up to the end.
            if short == 1, let long = integer(at: offset + 8, size: 8, end: part.upperBound) {
                (size, header) = (long, 16)
            }
            let rest = part.upperBound - offset
            size = size == 0 ? rest : min(size, rest)
            guard size >= header else { return }
            found += 1
            let name = String(decoding: bytes[offset + 4..<offset + 8], as: UTF8.self)
            body(name, offset + header..<offset + size)
            offset += size
        }
    }

    /// Big-endian; what does not fit below 2⁵⁶ is that. nil beyond `end`.
    private func integer(at offset: Int, size: Int, end: Int) -> Int? {
        guard offset >= 0, offset <= end - size, end <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[offset..<offset + size] { value = min(value << 8 | Int(byte), 1 << 54) }
        return value
    }
}
