import Foundation
import TailorAudit
import TailorImages
import TailorSupport
import TestSupport
import Testing

/// Small images in versions that a perceptual hash does not survive, found without features.
@Suite struct SmallImagesTests {
    private static let margin = 4

    private static func window(_ picture: RGBImage, right: Int = 0, down: Int = 0) throws -> RGBImage {
        let side = picture.width - 2 * margin
        return try picture.cropped(
            to: PixelRect(left: margin + right, top: margin + down, width: side, height: side))
    }

    private static func recolored(_ image: RGBImage, _ factors: [Double]) throws -> RGBImage {
        try RGBImage(
            width: image.width, height: image.height,
            pixels: image.pixels.enumerated().map { UInt8(min(255, Double($1) * factors[$0 % 3])) })
    }

    @Test(arguments: [32, 48, 64]) func versionsAreFoundAndNothingElse(side: Int) throws {
        let made = try MadeDataset()
        let pictures = try (0..<80).map {
            try TestImage.texture(
                3000 + $0, width: side + 2 * Self.margin, height: side + 2 * Self.margin, density: 60)
        }
        for (number, picture) in pictures.enumerated() {
            try made.write(
                try Self.window(picture).pngData(), to: "train/\(number % 2 == 0 ? "a" : "b")/\(number).png")
        }
        let versions: [(Int, Data)] = [
            (0, try Self.window(pictures[0], right: 1).pngData()),
            (2, try Self.window(pictures[2], right: -2, down: 2).pngData()),
            (4, try Self.window(pictures[4], right: 4).pngData()),
            (6, try Self.recolored(Self.window(pictures[6]), [1.2, 0.8, 1.1]).pngData()),
            (8, try Self.window(pictures[8]).jpegData(quality: 50)),
            (10, try Self.window(pictures[10], right: 1, down: -1).flippedHorizontally().pngData()),
        ]
        for (number, data) in versions { try made.write(data, to: "val/a/\(number)-again.png") }
        try made.write(
            try TestImage.texture(3900, width: side, height: side, density: 60).pngData(), to: "val/b/1.png")
        let report = try DatasetAudit(made.url).report
        let found = report.paths("near-duplicate-across-splits")
        #expect(Set(found) == Set(versions.map { ["train/a/\($0.0).png", "val/a/\($0.0)-again.png"] }))
        for code in ["near-duplicate-across-classes", "near-duplicate-within-split"] {
            #expect(report.finding(code) == nil, "\(report.paths(code))")
        }
    }

    /// Small stripes agree at many shifts: no versions of each other.
    @Test func smallStripes() throws {
        let made = try MadeDataset()
        for number in 0..<40 {
            var generator = SeededGenerator(seed: UInt64(number), streams: [3])
            let phase = generator.uniform(0...6)
            let image = try RGBImage(width: 32, height: 32) { x, _, _ in
                UInt8(128 + 60 * sin(2 * Double.pi * Double(x) / 9 + phase) + generator.uniform(-4...4))
            }
            try made.write(
                try image.pngData(),
                to: "\(number % 2 == 0 ? "train" : "val")/\(number % 4 < 2 ? "a" : "b")/\(number).png")
        }
        let report = try DatasetAudit(made.url).report
        for code in ["near-duplicate-across-splits", "near-duplicate-across-classes"] {
            #expect(report.finding(code) == nil, "\(report.paths(code).prefix(3))")
        }
    }
}

@Suite struct NearestRowsTests {
    private static func rows(_ count: Int, _ dimension: Int) -> [Float] {
        var generator = SeededGenerator(seed: 5)
        return (0..<count * dimension).map { _ in Float(generator.uniform(-1...1)) }
    }

    @Test func nearestByCosine() {
        let (count, dimension) = (101, 13)
        let values = Self.rows(count, dimension)
        func cosine(_ a: Int, _ b: Int) -> Float {
            func row(_ index: Int) -> ArraySlice<Float> {
                values[index * dimension..<(index + 1) * dimension]
            }
            func product(_ a: Int, _ b: Int) -> Float { zip(row(a), row(b)).reduce(0) { $0 + $1.0 * $1.1 } }
            return product(a, b) / (product(a, a) * product(b, b)).squareRoot()
        }
        let found = NearestRows(values, dimension: dimension).neighbours(4, workers: 2)
        #expect(found.count == count)
        for (index, others) in found.enumerated() {
            let expected = (0..<count).filter { $0 != index }.sorted { cosine(index, $0) > cosine(index, $1) }
            #expect(others == Array(expected.prefix(4)), "\(index)")
        }
        #expect(NearestRows([], dimension: 3).neighbours(4, workers: 2).isEmpty)
        #expect(NearestRows([1, 2, 3], dimension: 3).neighbours(4, workers: 2) == [[]])
    }

    /// Many rows are sifted in random directions first; what is near is still found.
    @Test func manyRows() {
        let (count, dimension) = (10_050, 256)
        var values = Self.rows(count, dimension)
        // The last fifty are rows of the beginning, a little changed.
        for index in 0..<50 {
            for column in 0..<dimension {
                values[(10_000 + index) * dimension + column] =
                    values[index * dimension + column] + 0.3 * values[(5_000 + index) * dimension + column]
            }
        }
        let found = NearestRows(values, dimension: dimension).neighbours(2, workers: 2)
        for index in 0..<50 {
            #expect(found[index].first == 10_000 + index)
            #expect(found[10_000 + index].first == index)
        }
    }
}
