import Foundation
import TailorAudit
import TailorDatasets
import TailorImages
import TailorSupport
import TestSupport
import Testing

/// Pictures that match themselves anywhere: none is a part of another, unless it is.
@Suite struct RepetitiveTexturesTests {
    /// Periods, in pixels, directions and phases of their own; every picture has its own grain.
    private enum Kind: CaseIterable {
        case stripes, discs, cloth

        func picture(_ seed: UInt64) throws -> RGBImage {
            var generator = SeededGenerator(seed: seed, streams: [7])
            let period = generator.uniform(14...16)
            let phase = generator.uniform(0...6)
            let radius = generator.uniform(45...55)
            let base = generator.uniform(90...150)
            let (width, height) = (200 + generator.integer(below: 30), 200 + generator.integer(below: 30))
            var grain = 0.0
            return try RGBImage(width: width, height: height) { x, y, channel in
                // The same in all three channels.
                if channel == 0 { grain = generator.uniform(-9...9) }
                let (across, down) = (2 * Double.pi * Double(x) / period, 2 * Double.pi * Double(y) / period)
                let shape: Double =
                    switch self {
                    case .stripes: sin(across + phase) > 0 ? 1.0 : -1.0
                    case .discs:
                        hypot(Double(x) - Double(width) / 2, Double(y) - Double(height) / 2) < radius
                            ? 1.0 : -1.0
                    case .cloth: sin(across + phase) * sin(down + phase)
                    }
                let value = base + 40 * shape + grain
                return UInt8(max(0, min(255, value.rounded())))
            }
        }
    }

    /// Every picture's neighbours are those beside it, whatever they show.
    private static func features(_ samples: [Sample], _ cache: DecodedImageCache) throws -> FeatureMatrix {
        let values = samples.indices.flatMap { [cos(Float($0) * 0.2), sin(Float($0) * 0.2)] }
        return try #require(FeatureMatrix(values: values, dimension: 2))
    }

    @Test(arguments: 0..<3) func onlyRealCropsAreErrors(kind: Int) throws {
        let kind = Kind.allCases[kind]
        let made = try MadeDataset()
        for number in 0..<24 {
            try made.write(
                try kind.picture(UInt64(number)).jpegData(quality: 92),
                to: "\(number % 2 == 0 ? "train" : "val")/\(number % 4 < 2 ? "a" : "b")/\(number).jpg")
        }
        let codes = [
            "near-duplicate-across-splits", "near-duplicate-across-classes", "near-duplicate-within-split",
            "parts-within-split",
        ]
        let clean = try DatasetAudit(made.url, features: Self.features).report
        for code in codes { #expect(clean.finding(code) == nil, "\(clean.paths(code))") }
        let whole = try ImageDecoder().decode(contentsOf: made.url.appending(path: "train/a/12.jpg"))
        let part = try whole.cropped(
            to: PixelRect(left: 11, top: 6, width: whole.width - 24, height: whole.height - 20))
        let brighter = try RGBImage(
            width: part.width, height: part.height, pixels: part.pixels.map { UInt8(min(255, Int($0) + 9)) })
        try made.write(try brighter.jpegData(quality: 90), to: "train/a/13-part.jpg")
        let planted = try DatasetAudit(made.url, features: Self.features).report
        #expect(
            planted.paths("parts-within-split") == [["train/a/12.jpg", "train/a/13-part.jpg"]],
            "\(codes.flatMap(planted.paths))")
        for code in codes.dropLast() { #expect(planted.finding(code) == nil) }
    }

    /// What cannot be looked at in detail is no error: the files have gone when they are wanted again.
    @Test func filesThatHaveGone() throws {
        let traps = try PlantedTraps()
        let whole = try traps.image("train/plain/7.png")
        try traps.write(
            try whole.cropped(to: PixelRect(left: 8, top: 5, width: 144, height: 144)),
            to: "val/plain/part.png")
        let root = traps.root
        let report = try traps.audit(features: { samples, cache in
            cache.removeAll()
            try FileManager.default.removeItem(at: root.appending(path: "val/plain/part.png"))
            let values = samples.map(\.relativePath).enumerated().flatMap { index, path -> [Float] in
                let isPair = path == "train/plain/7.png" || path == "val/plain/part.png"
                var generator = SeededGenerator(seed: isPair ? 1 : UInt64(index + 10))
                return (0..<8).map { _ in Float(generator.uniform(-1...1)) }
            }
            return try #require(FeatureMatrix(values: values, dimension: 8))
        })
        #expect(report.finding("near-duplicate-across-splits") == nil)
        let hint = try #require(report.finding("lookalikes-across-splits"))
        #expect(hint.severity == .advice)
        #expect(hint.items.map(\.paths) == [["train/plain/7.png", "val/plain/part.png"]])
        #expect(report.exclusions.isEmpty)
    }
}
