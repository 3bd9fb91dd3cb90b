import Foundation
import TailorImages
import TestSupport
import Testing

/// Against Pillow, level for level. Only where another decoder is involved (lossy WebP, AVIF) or where
/// the order of rounding is free (16-bit alpha) does the manifest allow a difference; JPEG must be equal.
@Suite struct DecodingTests {
    @Test func goldenFilesAreThere() throws {
        let golden = try Golden.load()
        #expect(golden.decode.count > 45)
        #expect(golden.resize.count == 12)
        #expect(golden.preprocess.count == 10)
    }

    @Test(arguments: try Golden.load().decode)
    func pixelsAreThoseOfPillow(_ golden: Golden.Decode) throws {
        if golden.file.hasSuffix("avif"), !ImageLibraries.readableFormats.contains(.heif) { return }
        let decoded = try ImageDecoder().decode(contentsOf: Golden.files.url(golden.file))
        let expected = try Golden.image(golden.expected, golden.width, golden.height)
        #expect(decoded.width == expected.width)
        #expect(decoded.height == expected.height)
        let difference = try #require(decoded.largestDifference(from: expected))
        #expect(difference <= golden.tolerance)
    }

    @Test func factsComeFromTheContent() throws {
        let decoder = ImageDecoder()
        let gif = try decoder.probe(contentsOf: Golden.files.url("gif-named.jpg"))
        #expect(gif.format == .gif)
        let turned = try decoder.probe(contentsOf: Golden.files.url("orientation-6.jpg"))
        #expect(
            turned
                == ImageFacts(
                    format: .jpeg, width: 45, height: 34, colorModel: .rgb, bitsPerSample: 8,
                    orientation: .rotated90))
        #expect(turned.uprightWidth == 34)
        #expect(turned.uprightHeight == 45)
        let deep = try decoder.probe(contentsOf: Golden.files.url("png-grey16.png"))
        #expect(deep.bitsPerSample == 16)
        #expect(deep.colorModel == .grey)
        #expect(try decoder.probe(contentsOf: Golden.files.url("jpeg-cmyk.jpg")).colorModel == .cmyk)
        #expect(try decoder.probe(contentsOf: Golden.files.url("png-rgba.png")).colorModel == .rgbWithAlpha)
    }

    @Test func probeAgreesWithDecoding() throws {
        let decoder = ImageDecoder()
        for golden in try Golden.load().decode {
            if golden.file.hasSuffix("avif"), !ImageLibraries.readableFormats.contains(.heif) { continue }
            let facts = try decoder.probe(contentsOf: Golden.files.url(golden.file))
            #expect(facts.uprightWidth == golden.width, "\(golden.file)")
            #expect(facts.uprightHeight == golden.height, "\(golden.file)")
        }
    }

    @Test func manyThreadsDecodeTheSame() async throws {
        let files = try Golden.load().decode.filter { !$0.file.hasSuffix("avif") }
        let decoder = ImageDecoder()
        let differences = await withTaskGroup(of: Int?.self) { group in
            for golden in files + files + files {
                group.addTask {
                    guard let decoded = try? decoder.decode(contentsOf: Golden.files.url(golden.file)),
                        let expected = try? Golden.image(golden.expected, golden.width, golden.height)
                    else { return nil }
                    return decoded.largestDifference(from: expected)
                }
            }
            return await group.reduce(into: [Int?]()) { $0.append($1) }
        }
        #expect(differences.count == 3 * files.count)
        #expect(differences.allSatisfy { $0.map { $0 <= 1 } ?? false })
    }

    @Test func encodedImagesComeBack() throws {
        let source = try Golden.image(try Golden.load().source)
        let png = try ImageDecoder().decode(try source.pngData(), name: "png")
        #expect(png == source)
        let jpeg = try ImageDecoder().decode(try source.jpegData(quality: 95), name: "jpeg")
        #expect((jpeg.width, jpeg.height) == (source.width, source.height))
        let errors = zip(jpeg.pixels, source.pixels).map { abs(Int($0) - Int($1)) }
        #expect(Double(errors.reduce(0, +)) / Double(errors.count) < 8)
        #expect(throws: ImageError.invalidArgument("JPEG quality: expected 1 to 100, got 0")) {
            try source.jpegData(quality: 0)
        }
    }
}
