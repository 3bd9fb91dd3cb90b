import Foundation
import TailorImages
import TestSupport
import Testing

/// A TIFF's bands beside its colours: alpha where the file says so, else left out.
@Suite struct UndeclaredBandsTests {
    struct Layout: CustomTestStringConvertible {
        let bits: Int
        let isTiled: Bool
        let isPlanar: Bool
        let extra: [Int]?

        var testDescription: String {
            "\(bits) bits, tiled \(isTiled), planar \(isPlanar), extra \(extra.map { "\($0)" } ?? "none")"
        }
    }

    static let layouts = [8, 16].flatMap { bits in
        [false, true].flatMap { isTiled in
            // libvips reads no tiles of separate planes.
            (isTiled ? [false] : [false, true]).flatMap { isPlanar in
                [[0], nil].map { Layout(bits: bits, isTiled: isTiled, isPlanar: isPlanar, extra: $0) }
            }
        }
    }

    /// Three colours, and behind them a band that is bright on the left and dark on the right.
    private static func level(_ x: Int, _ y: Int, _ band: Int) -> UInt8 {
        band < 3 ? UInt8((x * 11 + y * 7 + band * 60) % 256) : x < 10 ? 250 : 12
    }

    private static func tiff(_ bands: Int, _ extra: [Int]?, photometric: Int = 2) -> MadeTIFF {
        var tiff = MadeTIFF(width: 20, height: 18, bands: bands, level: level)
        (tiff.extra, tiff.photometric) = (extra, photometric)
        return tiff
    }

    /// `color` of each pixel, laid over white by the band `alpha`.
    private static func expected(alpha: Int? = nil, color: (Int) -> Int = { $0 }) throws -> RGBImage {
        try RGBImage(width: 20, height: 18) { x, y, channel in
            let level = Int(level(x, y, color(channel)))
            guard let alpha else { return UInt8(level) }
            let cover = Int(self.level(x, y, alpha))
            return UInt8((level * cover + 255 * (255 - cover) + 127) / 255)
        }
    }

    private static func check(
        _ tiff: MadeTIFF, _ expected: RGBImage, _ model: ImageFacts.ColorModel, dropped: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let decoder = ImageDecoder()
        let facts = try decoder.probe(tiff.data, name: "made.tif")
        #expect(facts.colorModel == model, sourceLocation: sourceLocation)
        #expect(facts.droppedBands == dropped, sourceLocation: sourceLocation)
        #expect(facts.bitsPerSample == tiff.bits, sourceLocation: sourceLocation)
        let image = try decoder.decode(tiff.data, name: "made.tif")
        let difference = try #require(image.largestDifference(from: expected), sourceLocation: sourceLocation)
        #expect(difference == 0, sourceLocation: sourceLocation)
    }

    @Test(arguments: layouts) func infraredIsLeftOut(_ layout: Layout) throws {
        var tiff = Self.tiff(4, layout.extra)
        (tiff.bits, tiff.isTiled, tiff.isPlanar) = (layout.bits, layout.isTiled, layout.isPlanar)
        try Self.check(tiff, Self.expected(), .rgb, dropped: 1)
    }

    @Test func tilesOfSeparatePlanesAreRefused() throws {
        var tiff = Self.tiff(4, [0])
        (tiff.isTiled, tiff.isPlanar) = (true, true)
        let error = #expect(throws: ImageError.self) {
            try ImageDecoder().decode(tiff.data, name: "made.tif")
        }
        #expect(
            error?.description
                == "made.tif: TIFF of a kind that is not read: tiles of separate planes")
    }

    @Test(arguments: layouts.filter { $0.extra == nil }) func declaredAlphaIsLaidOverWhite(
        _ layout: Layout
    ) throws {
        var tiff = Self.tiff(4, [2])
        (tiff.bits, tiff.isTiled, tiff.isPlanar) = (layout.bits, layout.isTiled, layout.isPlanar)
        try Self.check(tiff, Self.expected(alpha: 3), .rgbWithAlpha, dropped: 0)
    }

    @Test func greyWithASecondBand() throws {
        let grey = try Self.expected { _ in 0 }
        try Self.check(Self.tiff(2, [0], photometric: 1), grey, .grey, dropped: 1)
        try Self.check(Self.tiff(2, nil, photometric: 1), grey, .grey, dropped: 1)
        let covered = try Self.expected(alpha: 1) { _ in 0 }
        try Self.check(Self.tiff(2, [2], photometric: 1), covered, .greyWithAlpha, dropped: 0)
    }

    /// Which extra band is alpha is the file's to say, wherever it stands.
    @Test func severalExtraBands() throws {
        try Self.check(Self.tiff(5, [0, 0]), Self.expected(), .rgb, dropped: 2)
        try Self.check(Self.tiff(5, [0, 2]), Self.expected(alpha: 4), .rgbWithAlpha, dropped: 1)
        try Self.check(Self.tiff(5, [2, 0]), Self.expected(alpha: 3), .rgbWithAlpha, dropped: 1)
        // As programs for satellite images write red, green, blue and infrared.
        try Self.check(Self.tiff(4, [0, 0, 0], photometric: 1), Self.expected(), .rgb, dropped: 1)
        // Five measurements have no colours.
        let unnamed = Self.tiff(5, [0, 0, 0, 0], photometric: 1).data
        #expect(throws: ImageError.self) { try ImageDecoder().decode(unnamed, name: "made.tif") }
    }

    /// A damaged tag is no alpha, and no crash.
    @Test func damagedTags() throws {
        let whole = Self.tiff(4, [2]).data
        for index in (whole.count - 160)..<whole.count {
            for value in [0, 1, 0x7F, 0xFF] as [UInt8] where whole[index] != value {
                var damaged = whole
                damaged[index] = value
                _ = try? ImageDecoder().decode(damaged, name: "damaged.tif")
            }
        }
    }
}
