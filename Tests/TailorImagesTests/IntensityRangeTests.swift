import Foundation
import TailorImages
import TestSupport
import Testing

/// 16-bit images that hold fewer bits.
@Suite struct IntensityRangeTests {
    /// A PGM of 16 bits, one row.
    static func greymap(_ samples: [Int], maximum: Int = 65535) -> Data {
        Data("P5\n\(samples.count) 1\n\(maximum)\n".utf8)
            + samples.reduce(into: Data()) { $0 += [UInt8($1 >> 8), UInt8($1 & 255)] }
    }

    private func red(_ data: Data, _ range: IntensityRange?) throws -> [UInt8] {
        let image = try ImageDecoder(intensityRange: range).decode(data, name: "x")
        return stride(from: 0, to: image.pixels.count, by: 3).map { image.pixels[$0] }
    }

    @Test func aGreymap() throws {
        let data = Self.greymap([0, 256, 1000, 2048, 4095, 5000])
        #expect(try red(data, nil) == [0, 1, 4, 8, 16, 19])
        #expect(try red(data, IntensityRange(low: 0, high: 4095)) == [0, 16, 62, 128, 255, 255])
        #expect(try red(data, IntensityRange(low: 1000, high: 3000)) == [0, 0, 0, 134, 255, 255])
        let decoder = ImageDecoder(intensityRange: try IntensityRange(low: 0, high: 10))
        #expect(try decoder.decodeWithFacts(data, name: "x").facts.largestSample == 5000)
        #expect(try decoder.probe(data, name: "x").largestSample == nil)
        // A file that states 12 bits is scaled by them.
        let stated = Self.greymap([0, 2048, 4095], maximum: 4095)
        #expect(try red(stated, nil) == [0, 128, 255])
        #expect(try decoder.decodeWithFacts(stated, name: "x").facts.largestSample == nil)
    }

    /// Colours are scaled, alpha is not; 8 bits are never touched.
    @Test(arguments: [8, 16], [1, 3])
    func throughLibvips(bits: Int, colors: Int) throws {
        var tiff = MadeTIFF(width: 4, height: 2, bands: colors + 1) { x, _, band in
            band == colors ? (x == 3 ? 0 : 255) : UInt8(10 * x + band)
        }
        tiff.photometric = colors == 1 ? 1 : 2
        tiff.bits = bits
        tiff.extra = [2]
        let decoder = ImageDecoder(intensityRange: try IntensityRange(low: 0, high: 40 * 257))
        let (image, facts) = try decoder.decodeWithFacts(tiff.data, name: "x.tif")
        #expect(facts.largestSample == (bits == 16 ? (30 + colors - 1) * 257 : nil))
        for x in 0..<3 {
            for channel in 0..<3 {
                let level = 10 * x + (colors == 1 ? 0 : channel)
                let expected = bits == 8 ? level : Int((Double(level) * 255 / 40).rounded())
                #expect(Int(image.pixels[3 * x + channel]) == expected)
            }
        }
        #expect(image.pixels[9..<12].allSatisfy { $0 == 255 }, "transparent: white")
    }

    @Test(arguments: [(-1, 5), (5, 5), (6, 5), (0, 65536)])
    func rangesThatAreRefused(low: Int, high: Int) throws {
        #expect(throws: ImageError.self) { try IntensityRange(low: low, high: high) }
        let json = Data("{\"low\": \(low), \"high\": \(high)}".utf8)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(IntensityRange.self, from: json) }
    }

    /// Nothing is written of a range that was not given, so that models without one are as before.
    @Test func storedWithTheTransform() throws {
        let plain = try JSONEncoder().encode(Preprocessing())
        #expect(!String(decoding: plain, as: UTF8.self).contains("ntensity"))
        let given = Preprocessing(intensityRange: try IntensityRange(low: 0, high: 4095))
        let again = try JSONDecoder().decode(Preprocessing.self, from: JSONEncoder().encode(given))
        #expect(again == given && again.decoder.intensityRange?.high == 4095)
    }

    @Test func formatsThatAreNotRead() throws {
        let dicom = Data(count: 128) + Data("DICM".utf8) + Data(count: 9)
        let numpy = Data([0x93]) + Data("NUMPY\u{1}".utf8)
        for (data, words) in [
            (dicom, "a DICOM file, convert it to PNG first"), (numpy, "a NumPy file, convert it"),
        ] {
            let error = #expect(throws: ImageError.self) { try ImageDecoder().decode(data, name: "x.png") }
            #expect(error?.description.contains(words) == true, "\(error as Any)")
        }
        let folder = try TemporaryFolder()
        try folder.write(dicom, to: "scans/IM-0001")
        let error = #expect(throws: ImageError.self) {
            try ImageFiles.expand([folder.file("scans").path])
        }
        #expect(
            error?.description.contains(
                "no images in this folder, but DICOM files (IM-0001), which are not read")
                == true, "\(error as Any)")
        for (name, format) in [
            ("a.DCM", "DICOM"), ("a.npz", "NumPy"), ("a.nii.gz", "NIfTI"), ("a.h5", "HDF5"), ("a.gz", nil),
        ] { #expect(ForeignFormat(named: name)?.name == format) }
    }
}
