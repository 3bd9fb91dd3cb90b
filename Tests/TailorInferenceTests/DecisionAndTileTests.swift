import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// Rejection, costs and tiles, by the file's rules.
@Suite(.serialized) struct DecisionAndTileTests {
    private static let options = Classifier.Options(
        mode: .throughput, threads: 2, precision: .float32, cacheFolder: nil)

    private func classifier(
        pretrained: Bool = false, _ change: (inout ModelDescription) throws -> Void
    ) throws -> Classifier {
        let random = try RandomModel(pretrained: pretrained)
        var description = random.description()
        try change(&description)
        return try Classifier(
            try random.file().described(as: description), name: "made", options: Self.options)
    }

    @Test func unsureAndUnfamiliarAnswersAreMarked() throws {
        let picture = try TestImage.coloredStripes(1, seed: 3)[0]
        let plain = try classifier(pretrained: true) { _ in }
        let answer = try plain.classify(picture)
        #expect(answer.rejection == nil && answer.distance == nil)
        #expect(answer.probability < 0.99)
        let unsure = try classifier(pretrained: true) { $0.decision.minimumProbability = 0.99 }.classify(
            picture)
        #expect(unsure.rejection == .unsure && unsure.best == answer.best)

        let features = try TestImage.coloredStripes(12, seed: 3).map { try plain.features($0) }
        let familiar = try #require(
            FeatureDistance.fit(
                training: features, labels: (0..<12).map { $0 % 3 }, classCount: 3, validation: features))
        let model = try classifier(pretrained: true) {
            $0.decision.featureDistance = familiar
            $0.decision.minimumProbability = 0.99
        }
        let known = try model.classify(picture)
        #expect(known.rejection == .unsure && (known.distance ?? 99) <= familiar.threshold)
        // A coloured gradient among stripes and noise.
        let strange = try model.classify(
            RGBImage(width: 64, height: 64) { x, y, channel in
                UInt8([4 * x, 255 - 4 * y, 2 * (x + y)][channel])
            })
        #expect(strange.rejection == .unfamiliar && (strange.distance ?? 0) > familiar.threshold)
    }

    @Test func costsMoveTheAnswer() throws {
        let picture = try TestImage.coloredStripes(1, seed: 3)[0]
        let best = try classifier { _ in }.classify(picture).best
        let other = (best + 1) % 3
        let model = try classifier {
            $0.decision.cost = CostRule(
                positive: $0.classes[other], threshold: 0.001, falseNegative: 100, falsePositive: 1, cost: 0,
                costWithout: 0)
        }
        #expect(try model.classify(picture).best == other)
    }

    @Test func tilesCoverThePictureAndOverlap() throws {
        for (columns, rows, overlap) in [(1, 1, 0.25), (3, 2, 0.25), (5, 4, 0), (2, 3, 0.5), (40, 1, 0.1)] {
            let grid = try TileGrid(.grid(columns: columns, rows: rows), overlap: overlap)
            let tiles = grid.tiles(width: 1920, height: 1080, imageSize: 224)
            #expect(tiles.count == columns * rows)
            var isSeen = [Bool](repeating: false, count: 1920 * 1080)
            for tile in tiles {
                for y in tile.top..<tile.top + tile.height {
                    for x in tile.left..<tile.left + tile.width { isSeen[y * 1920 + x] = true }
                }
            }
            #expect(isSeen.allSatisfy { $0 }, "\(columns)×\(rows)")
            if columns > 1, overlap > 0 {
                let shared = tiles[0].left + tiles[0].width - tiles[1].left
                expectClose(Double(shared) / Double(tiles[0].width), overlap, absolute: 0.05)
            }
        }
        let automatic = try TileGrid().tiles(width: 1920, height: 1080, imageSize: 224)
        #expect(automatic.allSatisfy { $0.width == 540 && $0.height == 540 } && automatic.count == 5 * 3)
        #expect(try TileGrid().tiles(width: 100, height: 80, imageSize: 224).count == 2)
        #expect(try TileGrid(.grid(columns: 9, rows: 9)).tiles(width: 1, height: 3, imageSize: 8).count == 3)
        #expect(throws: ImageError.self) { try TileGrid(.grid(columns: 0, rows: 2)) }
        #expect(throws: ImageError.self) { try TileGrid(.grid(columns: 1 << 40, rows: 1 << 40)) }
        #expect(throws: ImageError.self) { try TileGrid(overlap: 0.95) }
    }

    @Test func theWorstTileSpeaksAndSaysWhere() throws {
        let model = try classifier { _ in }
        let parts = try TestImage.coloredStripes(4, seed: 21)
        // Four pictures side by side; without overlap, each is a tile.
        var pixels: [UInt8] = []
        for y in 0..<64 { for part in parts { pixels += part.pixels[3 * 64 * y..<3 * 64 * (y + 1)] } }
        let wide = try RGBImage(width: 256, height: 64, pixels: pixels)
        let grid = try TileGrid(.grid(columns: 4, rows: 1), overlap: 0)
        let alone = try parts.map { try model.classify($0) }
        for label in 0..<3 {
            let name = model.description.classes[label]
            let answer = try model.classify(wide, tiles: grid, rule: .worst(name))
            let expected = alone.indices.max {
                alone[$0].probabilities[label] < alone[$1].probabilities[label]
            }
            #expect(answer.decisive == expected && answer.overall == alone[answer.decisive])
            #expect(answer.place == PixelRect(left: 64 * answer.decisive, top: 0, width: 64, height: 64))
        }
        let mean = try model.classify(wide, tiles: grid, rule: .mean)
        for label in 0..<3 {
            let average = alone.map { $0.probabilities[label] }.reduce(0, +) / 4
            expectClose(mean.overall.probabilities[label], average, absolute: 1e-9)
        }
        #expect(throws: ImageError.self) { try model.classify(wide, tiles: grid, rule: .worst("no class")) }
    }
}
