import Foundation
import TailorImages
import TestSupport
import Testing

/// TIFF files whose structure costs more than their pixels.
@Suite struct TIFFCostTests {
    private typealias Entry = (tag: Int, type: Int, count: Int, value: Int)

    private static func message(_ data: Data, limits: ImageDecoder.Limits = .init()) -> String {
        DecodingCost(data, limits: limits).message
    }

    /// A grey TIFF whose only strip or tile lies at 8, without the data.
    private static func tiff(
        _ width: Int, _ height: Int, tile: Int? = nil, rows: Int? = nil, compression: Int = 1,
        photometric: Int = 1, planar: Int = 1, bands: Int = 1, extra: [Entry] = []
    ) -> Data {
        var entries: [Entry] = [
            (256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, compression),
            (262, 3, 1, photometric), (277, 3, 1, bands), (284, 3, 1, planar),
        ]
        if let tile {
            entries += [(322, 4, 1, tile), (323, 4, 1, tile), (324, 4, 1, 8), (325, 4, 1, 8)]
        } else {
            entries += [(273, 4, 1, 8), (278, 4, 1, rows ?? height), (279, 4, 1, 8)]
        }
        return Made.directory((entries + extra).sorted { $0.tag < $1.tag })
    }

    @Test func laterPagesAreNotLookedAt() throws {
        let plain = MadeTIFF(width: 6, height: 4, bands: 3) { x, y, band in UInt8(40 * x + 9 * y + band) }
            .data
        let page = Self.tiff(16, 16).dropFirst(8).dropLast(4)
        // The first says where the second begins, and so on.
        var file = plain.dropLast(4) + Made.little(plain.count)
        for _ in 0..<50_000 {
            let next = file.count + page.count + 4
            file += page + Made.little(next)
        }
        file += page + Made.little(0)
        let result = DecodingCost(Data(file))
        #expect(try result.image == ImageDecoder().decode(plain, name: "x"))
        #expect(result.seconds < 0.2)
    }

    @Test func aPageThatFollowsItself() throws {
        let plain = MadeTIFF(width: 6, height: 4, bands: 3) { x, y, band in UInt8(40 * x + 9 * y + band) }
            .data
        let loop = Data(plain.dropLast(4) + plain[4..<8])
        #expect(try ImageDecoder().decode(loop, name: "x") == ImageDecoder().decode(plain, name: "x"))
    }

    @Test func tagsAreCounted() {
        let extra: [Entry] = (0..<30).map { (50_000 + $0, 4, 1, 0) }
        #expect(
            Self.message(Self.tiff(16, 16, extra: extra), limits: .init(maximumTags: 39))
                == "x: TIFF too costly to decode: 40 tags; the limit is 39")
    }

    @Test func tagsThatShareTheirBytes() {
        let extra: [Entry] = (0..<10).map { (50_000 + $0, 1, 100, 8) }
        #expect(
            Self.message(Self.tiff(16, 16, extra: extra))
                == "x: TIFF too costly to decode: its tags take 1000 bytes, the file has 254")
    }

    @Test func stripsAndTilesAreCounted() {
        #expect(
            Self.message(Self.tiff(64, 64, tile: 16), limits: .init(maximumTiles: 15))
                == "x: TIFF too costly to decode: 16 strips or tiles; the limit is 15")
        #expect(
            Self.message(Self.tiff(64, 64, rows: 2), limits: .init(maximumTiles: 31))
                == "x: TIFF too costly to decode: 32 strips or tiles; the limit is 31")
    }

    @Test func tilesAreUnpackedWithTheirPadding() {
        #expect(
            Self.message(Self.tiff(17, 1, tile: 1024), limits: .init(maximumSampleBytes: 1_000_000))
                == "x: TIFF too costly to decode: its samples unpack to 1048576 bytes; the limit is 1000000 "
                + "(save it smaller, or with LZW or Deflate)")
        #expect(
            Self.message(Self.tiff(1, 1, tile: .max >> 32)).hasPrefix(
                "x: TIFF too costly to decode: its samples unpack to "))
    }

    @Test(arguments: [33003, 33005, 34925, 50001]) func slowCompressionsUnpackLess(_ compression: Int) {
        #expect(
            Self.message(
                Self.tiff(64, 64, compression: compression), limits: .init(maximumSampleBytes: 8000)
            ).hasPrefix(
                "x: TIFF too costly to decode: its samples of compression \(compression) unpack to 4096 "))
    }

    @Test func stripsThatAreUnpackedInOnePiece() {
        let limits = ImageDecoder.Limits(maximumMemoryBytes: 100_000)
        let text = Self.message(Self.tiff(200, 200, planar: 2, bands: 3), limits: limits)
        #expect(
            text.hasPrefix(
                "x: TIFF too costly to decode: 200×200 pixels, in strips or tiles of 200×200, take "))
        #expect(text.hasSuffix(" bytes of memory; the limit is 100000 (save it with strips of a few rows)"))
    }

    @Test func progressiveDataInAStrip() throws {
        let jpeg = try Golden.files.data("jpeg-progressive.jpg")
        let scans = zip(jpeg, jpeg.dropFirst()).count { $0 == (0xFF, 0xDA) }
        let entries: [Entry] = [
            (256, 4, 1, 45), (257, 4, 1, 34), (258, 3, 1, 8), (259, 3, 1, 7), (262, 3, 1, 6), (273, 4, 1, 0),
            (277, 3, 1, 3), (278, 4, 1, 34), (279, 4, 1, jpeg.count),
        ]
        var file = Made.directory(entries)
        // Where the strip lies: the sixth entry's value.
        file.replaceSubrange(10 + 5 * 12 + 8..<10 + 6 * 12, with: Made.little(file.count))
        file += jpeg
        #expect(
            Self.message(file, limits: .init(maximumScanBlocks: 100))
                == "x: TIFF too costly to decode: the scans of its JPEG data visit \(scans * 6 * 5 * 3) blocks; "
                + "the limit is 100 (save it with baseline JPEG data)")
    }
}
