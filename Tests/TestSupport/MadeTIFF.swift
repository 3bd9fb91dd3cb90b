import Foundation

/// An uncompressed little-endian TIFF, written by hand so that every tag is what the test says.
public struct MadeTIFF {
    public var width: Int
    public var height: Int
    /// Samples a pixel.
    public var bands: Int
    /// 8 or 16; levels are 8 bits, and times 257 in 16.
    public var bits = 8
    /// PhotometricInterpretation: 1 grey, 2 red, green, blue.
    public var photometric = 2
    /// ExtraSamples; nil for none.
    public var extra: [Int]?
    /// One plane a band.
    public var isPlanar = false
    /// Tiles of 16 × 16 instead of one strip a plane.
    public var isTiled = false
    public var orientation: Int?
    public var xmp = Data()
    public var level: (_ x: Int, _ y: Int, _ band: Int) -> UInt8

    public init(
        width: Int, height: Int, bands: Int, level: @escaping (_ x: Int, _ y: Int, _ band: Int) -> UInt8
    ) {
        (self.width, self.height, self.bands, self.level) = (width, height, bands, level)
    }

    public var data: Data {
        let chunks = chunks
        var file = Data("II".utf8) + Self.word(42, bytes: 2) + Self.word(0, bytes: 4)
        var offsets: [Int] = []
        for chunk in chunks {
            offsets.append(file.count)
            file += chunk
        }
        let sizes = chunks.map(\.count)
        // Tag, type (1 byte, 3 short, 4 long), values.
        var tags: [(tag: Int, type: Int, values: [Int])] = [
            (256, 4, [width]), (257, 4, [height]), (258, 3, Array(repeating: bits, count: bands)),
            (259, 3, [1]), (262, 3, [photometric]), (277, 3, [bands]), (284, 3, [isPlanar ? 2 : 1]),
        ]
        tags +=
            isTiled
            ? [(322, 4, [16]), (323, 4, [16]), (324, 4, offsets), (325, 4, sizes)]
            : [(273, 4, offsets), (278, 4, [height]), (279, 4, sizes)]
        if let extra { tags.append((338, 3, extra)) }
        if let orientation { tags.append((274, 3, [orientation])) }
        if !xmp.isEmpty { tags.append((700, 1, xmp.map { Int($0) })) }
        let widths = [1: 1, 3: 2, 4: 4]
        var directory = Self.word(tags.count, bytes: 2)
        for (tag, type, values) in tags.sorted(by: { $0.tag < $1.tag }) {
            var field = values.reduce(into: Data()) { $0 += Self.word($1, bytes: widths[type] ?? 0) }
            if field.count > 4 {
                let place = file.count
                file += field
                field = Self.word(place, bytes: 4)
            }
            directory += Self.word(tag, bytes: 2) + Self.word(type, bytes: 2)
            directory += Self.word(values.count, bytes: 4) + field + Data(count: 4 - field.count)
        }
        file.replaceSubrange(4..<8, with: Self.word(file.count, bytes: 4))
        return file + directory + Self.word(0, bytes: 4)
    }

    /// Strips or tiles, plane by plane, row by row.
    private var chunks: [Data] {
        let (columns, rows) = isTiled ? (16, 16) : (width, height)
        var chunks: [Data] = []
        for plane in isPlanar ? Array(0..<bands).map({ [$0] }) : [Array(0..<bands)] {
            for top in stride(from: 0, to: height, by: rows) {
                for left in stride(from: 0, to: width, by: columns) {
                    var chunk = Data()
                    for y in top..<top + rows {
                        for x in left..<left + columns {
                            for band in plane {
                                let value = x < width && y < height ? Int(level(x, y, band)) : 0
                                chunk += Self.word(bits == 16 ? value * 257 : value, bytes: bits / 8)
                            }
                        }
                    }
                    chunks.append(chunk)
                }
            }
        }
        return chunks
    }

    private static func word(_ value: Int, bytes: Int) -> Data {
        Data((0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
    }
}
