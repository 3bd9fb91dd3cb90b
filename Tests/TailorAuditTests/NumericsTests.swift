import Foundation
import TailorAudit
import TailorSupport
import TestSupport
import Testing

@Suite struct NumericsTests {
    private struct Golden: Decodable {
        var dimension: Int
        var classes: Int
        var values: [Float]
        var labels: [Int]
        var groups: [Int]
        var probabilities: [[Double]]
    }

    /// Scripts/golden/audit.py, with numpy's solver.
    @Test func discriminantAgreesWithNumpy() throws {
        let golden = try GoldenFiles(.module).json(Golden.self, from: "discriminant.json")
        let features = try #require(FeatureMatrix(values: golden.values, dimension: golden.dimension))
        let found = try #require(
            ShrinkageDiscriminant.crossValidated(
                features, labels: golden.labels, groups: golden.groups, classCount: golden.classes))
        try #require(found.count == golden.probabilities.count)
        for (mine, theirs) in zip(found, golden.probabilities) {
            expectClose(mine, theirs, absolute: 1e-4)
        }
        #expect(
            ShrinkageDiscriminant.crossValidated(
                features, labels: [0] + Array(repeating: 1, count: golden.labels.count - 1), classCount: 2)
                == nil)
    }

    @Test func featuresThatAreNoMatrixAreRefused() {
        #expect(FeatureMatrix(values: [1, 2, 3], dimension: 2) == nil)
        #expect(FeatureMatrix(values: [1, .nan], dimension: 2) == nil)
        #expect(FeatureMatrix(values: [], dimension: 0) == nil)
        #expect(FeatureMatrix(values: [1, 2], dimension: 2)?.count == 1)
    }
}

@Suite struct GreyImageTests {
    private static func picture(_ seed: UInt64, side: Int = 64) -> GreyImage {
        var generator = SeededGenerator(seed: seed)
        let blobs = (0..<40).map { _ in
            (
                x: generator.uniform(0...1), y: generator.uniform(0...1), size: generator.uniform(0.02...0.1),
                height: generator.uniform(-90...90)
            )
        }
        return GreyImage(
            side: side,
            values: (0..<side * side).map { index in
                let (x, y) = (Double(index % side) / Double(side), Double(index / side) / Double(side))
                var value = 128.0
                for blob in blobs {
                    let (dx, dy) = (blob.x - x, blob.y - y)
                    value += blob.height * exp(-(dx * dx + dy * dy) / (blob.size * blob.size))
                }
                return Float(value)
            })
    }

    private static func bytes(_ picture: GreyImage) -> Data {
        Data(picture.values.map { UInt8(max(0, min(255, $0.rounded()))) })
    }

    @Test func variantsAreTheEightWays() {
        let picture = GreyImage(side: 2, values: [1, 2, 3, 4])
        #expect(
            (0..<8).map { picture.variant($0).values } == [
                [1, 2, 3, 4], [2, 1, 4, 3], [3, 4, 1, 2], [4, 3, 2, 1], [1, 3, 2, 4], [3, 1, 4, 2],
                [2, 4, 1, 3], [4, 2, 3, 1],
            ])
    }

    @Test func hashesOfVariantsAreVariantsOfTheHash() {
        let picture = Self.picture(1)
        let hash = PerceptualHash(Self.bytes(picture))
        #expect(Set(hash.variants).count == 8)
        for variant in 0..<8 {
            let turned = PerceptualHash(Self.bytes(picture.variant(variant)))
            #expect((turned.variants[0] ^ hash.variants[variant]).nonzeroBitCount <= 1, "\(variant)")
            #expect(turned.distance(to: hash) <= 1)
        }
        #expect(hash.distance(to: PerceptualHash(Self.bytes(Self.picture(2)))) > 10)
    }

    @Test func highPassTakesAwayRamps() {
        let ramp = GreyImage(side: 16, values: (0..<256).map { Float($0 % 16) * 3 + Float($0 / 16) })
        let rest = ramp.highPassed(radius: 2)
        for y in 2..<14 { for x in 2..<14 { expectClose(rest.values[y * 16 + x], 0, absolute: 1e-3) } }
        let unit = ramp.normalized.values
        expectClose(unit.reduce(0, +), 0, absolute: 1e-3)
        expectClose(unit.reduce(0) { $0 + $1 * $1 }, 1, absolute: 1e-4)
        #expect(GreyImage(side: 2, values: [5, 5, 5, 5]).normalized.values == [0, 0, 0, 0])
    }

    @Test func partsFitIntoTheWhole() {
        let whole = Self.picture(3, side: 128)
        for (left, top, side) in [(0, 0, 112), (10, 5, 116), (16, 12, 108)] {
            let part = GreyImage(
                side: side,
                values: (0..<side * side).map { whole.values[(top + $0 / side) * 128 + left + $0 % side] })
            let score = CropAlignment(whole.resized(to: 64)).fit(with: CropAlignment(part.resized(to: 64)))
                .score
            #expect(score > 0.85, "\(left) \(top) \(side): \(score)")
        }
        let stranger = Self.picture(4, side: 128).resized(to: 64)
        #expect(
            CropAlignment(whole.resized(to: 64)).fit(with: CropAlignment(stranger), coarseThreshold: -1)
                .score < 0.6)
    }

    @Test func whatIsCommonIsTakenAway() {
        let shared = Self.picture(5)
        let pictures = (0..<60).map { seed -> GreyImage in
            var picture = shared
            let own = Self.picture(UInt64(100 + seed))
            for index in picture.values.indices { picture.values[index] += 0.1 * own.values[index] }
            return picture.normalized
        }
        func correlation(_ a: GreyImage, _ b: GreyImage) -> Float {
            zip(a.values, b.values).reduce(0) { $0 + $1.0 * $1.1 }
        }
        #expect(correlation(pictures[0], pictures[1]) > 0.9)
        let structure = CommonStructure(pictures)
        #expect(
            abs(correlation(structure.residual(of: pictures[0]), structure.residual(of: pictures[1]))) < 0.5)
        #expect(correlation(structure.residual(of: pictures[0]), structure.residual(of: pictures[0])) > 0.999)
    }
}
