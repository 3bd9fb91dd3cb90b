import Foundation
import TailorAudit
import TailorDatasets
import TailorImages
import TailorSplitting
import TailorSupport
import TestSupport
import Testing

/// Faults of the files themselves.
@Suite struct FileChecksTests {
    @Test func bandsThatAreNotUsed() throws {
        let traps = try PlantedTraps()
        let image = try traps.image("train/plain/3.png")
        var tiff = MadeTIFF(width: image.width, height: image.height, bands: 4) { x, y, band in
            band < 3 ? image.pixels[3 * (y * image.width + x) + band] : 7
        }
        tiff.extra = [0]
        try traps.remove("train/plain/3.png")
        try traps.write(tiff.data, to: "train/plain/3.tif")
        let finding = try #require(try traps.audit().finding("dropped-bands"))
        #expect(finding.severity == .warning)
        #expect(finding.title == "1 image with bands that are neither colour nor declared alpha.")
        #expect(finding.items.map(\.paths) == [["train/plain/3.tif"]])
        #expect(finding.items.map(\.note) == ["1 band left out"])
    }

    /// 12 bits in files of 16: one hint, before all else, and nothing to leave out.
    @Test func aSetThatUsesASmallPartOfItsRange() throws {
        let made = try MadeDataset()
        for number in 0..<20 {
            let image = try TestImage.coloredStripes(1, seed: UInt64(number), side: 40)[0]
            var file = Data("P5\n40 40\n65535\n".utf8)
            for index in stride(from: 0, to: image.pixels.count, by: 3) {
                // Less than a grey level of contrast once divided by 257.
                let sample = 1000 + (number == 7 ? 0 : 2 * Int(image.pixels[index]))
                file += [UInt8(sample >> 8), UInt8(sample & 255)]
            }
            try made.write(
                file, to: "\(number % 2 == 0 ? "train" : "val")/\(number % 4 < 2 ? "a" : "b")/\(number).pgm")
        }
        let report = try DatasetAudit(made.url).report
        let first = try #require(report.findings.first)
        #expect(first.code == "narrow-range" && first.items.count == 20)
        #expect(
            first.title.hasPrefix("20 of 20 16-bit images use under an eighth of the range: samples up to 1")
        )
        #expect(first.remedy.hasPrefix("Give --intensity-range 0:2047 to check, train and split"))
        #expect(report.finding("blank") == nil)
        let range = try IntensityRange(low: 1000, high: 1300)
        let given = try DatasetAudit(made.url, options: .init(intensityRange: range))
        #expect(given.report.finding("narrow-range") == nil)
        #expect(given.report.finding("blank")?.items.map(\.paths).contains(["val/b/7.pgm"]) == true)
        #expect(given.report.finding("intensity-range")?.title.contains("have samples above 1300") == true)
        let screened = try DatasetFolder.scan(made.url).screened()
        #expect(
            screened.warnings.contains { $0.hasSuffix("--intensity-range 0:2047 makes the most of them") })
        let eight = try MadeDataset(["train/a/1.ppm", "train/a/2.ppm", "train/b/3.ppm", "train/b/4.ppm"])
        let useless = try DatasetFolder.scan(eight.url).screened(options: .init(intensityRange: range))
        #expect(useless.warnings.contains("no image has 16 bits: the intensity range has no effect"))
    }

    @Test(arguments: [("0.dcm", "DICOM"), ("IM0001", "DICOM"), ("0.npy", "NumPy")])
    func foldersOfFormatsThatAreNotRead(name: String, format: String) throws {
        let made = try MadeDataset()
        let data = name == "0.npy" ? Data([0x93]) + Data("NUMPY".utf8) : Data(count: 128) + Data("DICM".utf8)
        for label in ["a", "b"] { try made.write(data, to: "train/\(label)/\(name)") }
        let words = "\(format) files (\(name)), which are not read: convert them to PNG first"
        func message(_ body: () throws -> Void) -> String? {
            #expect(throws: DatasetError.self) { try body() }?.description
        }
        #expect(message { _ = try DatasetAudit(made.url) }?.contains(words) == true)
        #expect(message { _ = try DatasetFolder.scan(made.url) }?.contains(words) == true)
        #expect(
            message { _ = try SplitSource.open(made.url.appendingPathComponent("train")) }?.contains(words)
                == true)
        try made.write(TestImage.numbered(1).ppm, to: "train/a/1.ppm")
        try made.write(TestImage.numbered(2).ppm, to: "train/b/2.ppm")
        let notes = try DatasetFolder.scan(made.url).notes
        let kind = name == "IM0001" ? "no extension" : ".\(name.suffix(3)) (\(format))"
        #expect(notes.contains("ignored 2 files not named as images: \(kind) × 2"), "\(notes)")
    }
}
