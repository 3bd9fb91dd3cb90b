import Foundation
import TailorImages
import TestSupport
import Testing

/// Files that cost their reader far more than their author: each is cheap to read, or refused for what it costs.
/// The full-grown ones are those of Scripts/torture/hostile_images.py.
@Suite struct DecodingCostTests {
    private static func decode(_ data: Data, limits: ImageDecoder.Limits = .init()) -> DecodingCost {
        DecodingCost(data, limits: limits)
    }

    private static func message(_ data: Data, limits: ImageDecoder.Limits) -> String {
        decode(data, limits: limits).error?.description ?? "no error"
    }

    private static func golden(_ name: String) throws -> Data { try Golden.files.data(name) }

    /// Puts bytes behind a PNG's signature and header.
    private static func inserting(_ bytes: Data, into png: Data) -> Data {
        Data(png.prefix(33) + bytes + png.dropFirst(33))
    }

    // MARK: PNG

    @Test func textsOfAPNGAreNotUnpacked() throws {
        let bomb = try Self.golden("text-bomb.png")
        let text = try #require(bomb.firstRange(of: Data("zTXt".utf8))).lowerBound - 4
        let chunk = bomb[text..<text + 12 + 40786]
        let many = Self.inserting((0..<20).reduce(into: Data()) { data, _ in data += chunk }, into: bomb)
        let result = Self.decode(many)
        #expect(result.image?.width == 4)
        #expect(result.seconds < 1)
    }

    @Test func whatIsLeftOutOfAPNGChangesNoPixel() throws {
        for file in ["png-rgb.png", "png-palette-transparent.png", "png-grey16.png", "png-rgba.png"] {
            let plain = try Self.golden(file)
            let extra =
                Made.chunk("teSt") + Made.chunk("iCCP", Data("x\0\0".utf8))
                + Made.chunk("tEXt", Data("k\0v".utf8))
            let longer = Self.inserting(extra, into: plain) + Data("behind the end".utf8)
            #expect(Self.decode(longer).image == Self.decode(plain).image, "\(file)")
            #expect(Self.decode(longer).error == nil, "\(file)")
        }
    }

    @Test func orientationOfAPNGIsKept() throws {
        let exif = Made.directory([(0x0112, 3, 1, 6)])
        let plain = try Self.golden("png-rgb.png")
        for block in [exif, Data("Exif\0\0".utf8) + exif] {
            let turned = Self.inserting(Made.chunk("eXIf", block), into: plain)
            #expect(try ImageDecoder().probe(turned, name: "x").orientation == .rotated90)
        }
        // As many entries as there may be, each of which says that its directory continues where it begins.
        let loop = Made.directory(Array(repeating: (0x8769, 4, 1, 8), count: 20_000))
        let result = Self.decode(Self.inserting(Made.chunk("eXIf", loop), into: plain))
        #expect(result.image == Self.decode(plain).image)
        #expect(result.seconds < 0.5)
    }

    @Test func anInterlacedPNGIsUnpackedInOnePiece() throws {
        var png = try Self.golden("png-rgb.png")
        png[28] = 1
        #expect(
            Self.message(png, limits: .init(maximumMemoryBytes: 10_000)).hasPrefix(
                "x: PNG too costly to decode: 45×34 pixels, interlaced, take "))
        #expect(
            Self.message(png, limits: .init(maximumSampleBytes: 9000))
                == "x: PNG too costly to decode: interlaced, its samples unpack to 4590 bytes; the limit is 4500 "
                + "(save it without interlacing)")
        png[28] = 0
        let limits = ImageDecoder.Limits(maximumSampleBytes: 4590, maximumMemoryBytes: 10_000)
        #expect(Self.decode(png, limits: limits).image != nil)
        #expect(
            Self.message(png, limits: .init(maximumSampleBytes: 4589))
                == "x: PNG too costly to decode: its samples unpack to 4590 bytes; the limit is 4589 "
                + "(save it smaller, or with fewer bits a sample)")
    }

    // MARK: JPEG

    @Test func aHundredThousandSegmentsOfAJPEG() throws {
        let plain = try Self.golden("orientation-6.jpg")
        let empty = (0..<100_000).reduce(into: Data()) { data, _ in data += Made.segment(0xE1) }
        let result = Self.decode(Data(plain.prefix(2) + empty + plain.dropFirst(2)))
        #expect(result.image == Self.decode(plain).image)
        #expect(result.seconds < 1)
    }

    @Test func scansOfAJPEGHaveABudget() throws {
        let progressive = try Self.golden("jpeg-progressive.jpg")
        #expect(
            Self.message(progressive, limits: .init(maximumScanBlocks: 100)).hasSuffix(
                "scans visit more than 100 blocks; save it as a baseline JPEG"))
        let text = Self.message(progressive, limits: .init(maximumMemoryBytes: 10_000))
        #expect(text.hasPrefix("x: JPEG too costly to decode: 45×34 pixels, in several scans, take "))
        #expect(text.hasSuffix("bytes of memory; the limit is 10000 (save it as a baseline JPEG)"))
        let baseline = try Self.golden("jpeg-420.jpg")
        let limits = ImageDecoder.Limits(maximumScanBlocks: 1, maximumMemoryBytes: 100_000)
        #expect(Self.decode(baseline, limits: limits).image != nil)
    }

    // MARK: WebP, GIF, HEIF

    @Test func metadataOfAWebPIsReadHere() throws {
        let plain = try Self.golden("webp-lossless.webp")
        func webP(flags: UInt8, _ chunks: Data) -> Data {
            let size = Data([44, 0, 0, 33, 0, 0])
            let header = Made.riffChunk("VP8X", Data([flags, 0, 0, 0]) + size)
            return Made.webP(header + plain.dropFirst(12) + chunks)
        }
        let exif = Made.riffChunk("EXIF", Made.directory([(0x0112, 3, 1, 6)]))
        let xmp = Made.riffChunk("XMP ", Data(#"tiff:Orientation="8""#.utf8))
        let cases: [(UInt8, Data, Orientation)] = [
            (0x0C, exif + xmp, .rotated90), (0x04, xmp, .rotated270), (0x04, exif + xmp, .rotated270),
            (0x00, exif + xmp, .upright), (0x08, exif, .rotated90),
        ]
        for (flags, chunks, orientation) in cases {
            let data = webP(flags: flags, chunks)
            #expect(try ImageDecoder().probe(data, name: "x").orientation == orientation, "\(flags)")
            #expect(try ImageDecoder().decode(data, name: "x").pixels.count == 3 * 45 * 34)
        }
        let loop = Made.directory(Array(repeating: (0x8769, 4, 1, 8), count: 20_000))
        let junk = (0..<1000).reduce(into: Data()) { data, _ in data += Made.riffChunk("junk", Data()) }
        let result = Self.decode(webP(flags: 0x28, Made.riffChunk("EXIF", loop) + junk))
        #expect(result.image == Self.decode(plain).image)
        #expect(result.seconds < 0.5)
    }

    @Test func formatsUnpackedInOnePieceNeedMemory() throws {
        for (file, name) in [("webp-lossless.webp", "WebP"), ("gif.gif", "GIF")] {
            let text = Self.message(try Self.golden(file), limits: .init(maximumMemoryBytes: 10_000))
            #expect(
                text.hasPrefix("x: \(name) too costly to decode: 45×34 pixels, unpacked in one piece, take "))
            #expect(text.contains("; the limit is 10000 (save it as PNG"))
        }
    }

    @Test func framesOfAWebPAreCounted() throws {
        #expect(
            Self.message(try Self.golden("webp-animated.webp"), limits: .init(maximumFrames: 1))
                == "x: WebP too costly to decode: 2 frames; the limit is 1")
    }

    // MARK: All

    /// Learning libvips's reason would take decoding it once more, while every other thread waits.
    @Test func aFailingFileIsDecodedOnce() throws {
        let whole = try TestImage.noise(width: 1500, height: 1500).pngData()
        var damaged = whole
        // The checksum of the last chunk with pixels.
        damaged[damaged.count - 13] ^= 0xFF
        let sound = (0..<3).map { _ in Self.decode(whole).seconds }.min() ?? 0
        let failing = (0..<3).map { _ in Self.decode(damaged) }
        #expect(failing.allSatisfy { $0.error != nil })
        #expect((failing.map(\.seconds).min() ?? .infinity) < 1.5 * sound)
    }

    @Test func longXMPIsLookedThroughOnce() throws {
        let name = Data("tiff:Orientation".utf8)
        let packet = (0..<3000).reduce(into: Data()) { data, _ in data += name } + Data("=\"6\"".utf8)
        var tiff = MadeTIFF(width: 6, height: 4, bands: 3) { x, y, band in UInt8(40 * x + 9 * y + band) }
        tiff.xmp = packet
        let data = tiff.data
        #expect(try ImageDecoder().probe(data, name: "x").orientation == .rotated90)
        #expect(Self.decode(data).seconds < 0.2)
        let limited = ImageDecoder(limits: .init(maximumMetadataBytes: 1000))
        #expect(try limited.probe(data, name: "x").orientation == .upright)
    }
}
