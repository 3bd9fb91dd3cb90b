import Foundation
import TailorImages
import TestSupport
import Testing

/// Files that really turn up in folders, and what is said of them.
@Suite struct BadInputTests {
    private static func golden(_ name: String) throws -> Data { try Golden.files.data(name) }

    private static func message(_ data: Data, limits: ImageDecoder.Limits = .init()) -> String {
        do {
            _ = try ImageDecoder(limits: limits).decode(data, name: "x")
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    private static func message(at url: URL) -> String {
        do {
            _ = try ImageDecoder().decode(contentsOf: url)
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [
        ("", "x: the file is empty"),
        ("hello\n", "x: not an image that can be read: text"),
        ("<!DOCTYPE html><html>", "x: not an image that can be read: an HTML page"),
        ("<svg width='9'/>", "x: not an image that can be read: an SVG drawing"),
        ("%PDF-1.7", "x: not an image that can be read: a PDF document"),
        (
            "version https://git-lfs.github.com/spec/v1\n",
            "x: not an image that can be read: a Git LFS pointer; the image itself was not fetched"
        ),
        ("\0\0\0\0\0\0\0", "x: not an image that can be read: its first bytes are zero"),
        ("P5 3", "x: truncated PNM: it ends before its height"),
        ("P5 3 x", "x: corrupt PNM: its height is not a number"),
        ("P5 0 4 255\n", "x: corrupt PNM: its width: expected 1 to 2147483647, got 0"),
        ("P5 2 4 255\nabc", "x: truncated PNM: expected 8 bytes of pixels, got 3"),
        ("P1 2 2 10", "x: truncated PNM: it ends within its pixels"),
        ("P1 2 1 12", "x: corrupt PNM: a pixel is neither 0 nor 1"),
        ("P5 30000 30000 255\n", "x: 30000×30000 pixels; the limit is 100000000 pixels"),
        ("P4 200000 1\n", "x: 200000×1 pixels; the longest side allowed is 100000"),
    ])
    func messagesOfText(_ text: String, _ expected: String) {
        #expect(Self.message(Data(text.utf8)) == expected)
    }

    @Test func everyTruncationIsRefusedAndNamed() throws {
        let files = [
            "jpeg-420.jpg", "jpeg-progressive.jpg", "jpeg-grey.jpg", "jpeg-restart.jpg", "png-rgb.png",
            "png-palette.png", "bmp-24.bmp", "pnm-6.ppm", "webp-lossless.webp", "tiff-lzw.tif", "gif.gif",
        ]
        for file in files {
            let whole = try Self.golden(file)
            for share in [0.15, 0.5, 0.8] {
                let data = whole.prefix(Int(Double(whole.count) * share))
                #expect(throws: ImageError.self, "\(file) cut at \(share)") {
                    try ImageDecoder().decode(Data(data), name: file)
                }
            }
        }
        let jpeg = try Self.golden("jpeg-420.jpg")
        #expect(Self.message(jpeg.prefix(700)) == "x: truncated JPEG: libjpeg: Premature end of JPEG file")
        #expect(Self.message(jpeg.dropLast(2)) == "x: truncated JPEG: libjpeg: Premature end of JPEG file")
        let png = try Self.golden("png-rgb.png")
        #expect(
            Self.message(png.prefix(1000))
                == "x: truncated PNG: the file ends before the picture does")
        var damaged = png
        // The checksum of the last chunk with pixels.
        damaged[damaged.count - 13] ^= 0xFF
        #expect(Self.message(damaged) == "x: corrupt PNG: the pixels cannot be decoded")
    }

    /// Any bytes whatever end in an image or an error: a cut after every byte, and every byte wrong.
    @Test(arguments: [
        "jpeg-progressive.jpg", "orientation-6.jpg", "jpeg-cmyk.jpg", "png-rgb16.png", "bmp-rle8.bmp",
        "bmp-565.bmp", "bmp-1.bmp", "pnm-3.ppm", "gif-animated.gif", "tiff-1bit.tif", "webp-rgba.webp",
    ])
    func damageNeverTraps(_ file: String) throws {
        let whole = try Self.golden(file)
        let decoder = ImageDecoder(limits: .init(maximumPixels: 1_000_000))
        let step = max(1, whole.count / 150)
        for position in stride(from: 0, to: whole.count, by: step) {
            _ = try? decoder.decode(whole.prefix(position), name: file)
            for value: UInt8 in [0x00, 0x7F, 0xFF] {
                var damaged = whole
                damaged[damaged.startIndex + position] = value
                _ = try? decoder.decode(damaged, name: file)
            }
        }
    }

    @Test func bombsAreRefusedFromTheirHeader() throws {
        let clock = ContinuousClock()
        let bomb = try Self.golden("bomb.png")
        let took = clock.measure {
            #expect(
                Self.message(bomb)
                    == "x: 30000×30000 pixels; the limit is 100000000 pixels")
        }
        #expect(took < .seconds(2))  // a guard against decoding it, which takes far longer
        // 40 MB of compressed text beside four pixels: refused or skipped, within the memory of a test.
        _ = try? ImageDecoder().decode(try Self.golden("text-bomb.png"), name: "x")
        let small = ImageDecoder.Limits(maximumFileBytes: 100)
        #expect(
            Self.message(Data(repeating: 1, count: 101), limits: small) == "x: 101 bytes; the limit is 100")
        #expect(
            Self.message(try Self.golden("jpeg-progressive.jpg"), limits: .init(maximumScans: 3))
                == "x: JPEG too costly to decode: libjpeg: more than 3 scans")
    }

    @Test func kindsThatAreNotReadAreNamed() throws {
        #expect(
            Self.message(try Self.golden("tiff-float.tif"))
                == "x: TIFF of a kind that is not read: 1 band of float samples in colour space b-w")
        var twelveBits = try Self.golden("jpeg-grey.jpg")
        let frame = try #require(twelveBits.firstRange(of: Data([0xFF, 0xC0])))
        twelveBits[frame.lowerBound + 4] = 12
        #expect(Self.message(twelveBits).hasPrefix("x: JPEG of a kind that is not read: libjpeg: "))
        let bmp = Data("BM".utf8) + Data(count: 12) + Data([40, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 2, 0])
        #expect(
            Self.message(bmp + Data(count: 40))
                == "x: BMP of a kind that is not read: 2 bits a pixel with compression 0")
    }

    @Test func placesThatAreNotFilesAreNamedAndNeverWaitedFor() throws {
        let folder = try TemporaryFolder()
        let missing = folder.url.appendingPathComponent("none.jpg")
        #expect(Self.message(at: missing) == "\(missing.path): could not be read: no such file or directory")
        #expect(
            Self.message(at: folder.url)
                == "\(folder.url.path): could not be read: not a regular file (a folder)")
        let fifo = folder.url.appendingPathComponent("fifo.jpg")
        #expect(mkfifo(fifo.path, 0o600) == 0)
        #expect(Self.message(at: fifo) == "\(fifo.path): could not be read: not a regular file (a FIFO)")
        let loop = folder.url.appendingPathComponent("loop.jpg")
        #expect(symlink("loop.jpg", loop.path) == 0)
        #expect(Self.message(at: loop).contains("could not be read: "))
        let dangling = folder.url.appendingPathComponent("dangling.jpg")
        #expect(symlink("nowhere", dangling.path) == 0)
        #expect(Self.message(at: dangling).hasSuffix("could not be read: no such file or directory"))
    }

    @Test(arguments: ["Ünïcødé 图像 🙂.JPG", "two\nlines.jpg", "-rf.jpeg", " .png", "no-extension"])
    func oddNamesAreNames(_ name: String) throws {
        let folder = try TemporaryFolder()
        let file = try folder.file(name, Array(Self.golden("jpeg-grey.jpg")))
        #expect(try ImageDecoder().decode(contentsOf: file).width == 45)
        let bad = try folder.file(name, Array("text".utf8))
        let message = Self.message(at: bad)
        #expect(!message.contains("\n"))
        #expect(message.hasSuffix(": not an image that can be read: text"))
    }

    @Test func concurrentFailuresKeepTheirOwnReasons() async throws {
        let png = try Self.golden("png-rgb.png").prefix(1000)
        let gif = try Self.golden("gif.gif").prefix(200)
        let alone = [Self.message(png), Self.message(gif)]
        let together = await withTaskGroup(of: (Int, String).self) { group in
            for index in 0..<200 {
                group.addTask { (index % 2, Self.message(index % 2 == 0 ? png : gif)) }
            }
            return await group.reduce(into: [(Int, String)]()) { $0.append($1) }
        }
        #expect(together.allSatisfy { $0.1 == alone[$0.0] })
    }
}
