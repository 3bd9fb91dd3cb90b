import Foundation
import Tailor
import TailorFineTuning
import TailorSupport
import TailorTensors
import TestSupport
import Testing

struct LogisticRegressionTests {
    private struct Golden: Decodable {
        struct Case: Decodable {
            let name: String
            let classes: Int
            let weights: [Double]?
            let labels: [Int]
            let features: [[Float]]
            let strengths: [Double]
            /// `[strengths][images][classes]`, with a mean of 0 at every image.
            let logits: [[[Double]]]
        }
        let cases: [Case]
    }

    @Test func logitsEqualScikitLearns() throws {
        let golden = try GoldenFiles(.module).json(Golden.self, from: "heads.json")
        #expect(golden.cases.count == 4)
        for item in golden.cases {
            let regression = try LogisticRegression(
                features: Self.tensor(item.features), labels: item.labels, classCount: item.classes,
                classWeights: item.weights)
            // Where the penalty is weak, a head far from the minimum is hardly worse than the minimum.
            let fits = try regression.fit(strengths: item.strengths, tolerance: 1e-13)
            #expect(fits.count == 3 && item.logits.count == 3)
            for (fit, expected) in zip(fits, item.logits) {
                let found = Self.logits(fit, item.features).map { row in
                    row.map { $0 - row.reduce(0, +) / Double(row.count) }
                }
                #expect(fit.isConverged && found.count == expected.count)
                expectClose(
                    found.flatMap { $0 }, expected.flatMap { $0 }, relative: 1e-4, absolute: 1e-4,
                    "\(item.name), \(fit.strength)")
            }
        }
    }

    /// The same images twice, and class weights twice as large, are the same problem.
    @Test func strengthIsRelativeToTheMeanLoss() throws {
        let (features, labels) = Self.clusters(images: 40, classes: 2)
        let once = try LogisticRegression(
            features: Self.tensor(features), labels: labels, classCount: 2, classWeights: [1, 3]
        ).fit(strengths: [0.01])[0]
        let twice = try LogisticRegression(
            features: Self.tensor(features + features), labels: labels + labels, classCount: 2,
            classWeights: [2, 6]
        ).fit(strengths: [0.01])[0]
        expectClose(twice.weight, once.weight, absolute: 1e-4, "weight")
        expectClose(twice.bias, once.bias, absolute: 1e-4, "bias")
        expectClose([twice.loss], [once.loss], absolute: 1e-8, "loss")
    }

    /// Whether it starts from the solution of a stronger penalty or from nothing, the solution is the same.
    @Test func pathDoesNotChangeTheSolutions() throws {
        let (features, labels) = Self.clusters(images: 60, classes: 3)
        let regression = try LogisticRegression(
            features: Self.tensor(features), labels: labels, classCount: 3)
        let path = try regression.fit(strengths: [1, 0.1, 0.01, 0.001])
        for fit in path {
            let alone = try regression.fit(strengths: [fit.strength])[0]
            expectClose(alone.weight, fit.weight, absolute: 1e-3, "weight at \(fit.strength)")
        }
        #expect(path.map(\.loss) == path.map(\.loss).sorted(by: >))
        #expect(try regression.fit(strengths: [1, 0.1, 0.01, 0.001]).map(\.weight) == path.map(\.weight))
    }

    @Test func constantFeaturesHaveNoWeight() throws {
        let (features, labels) = Self.clusters(images: 30, classes: 2)
        let with = try LogisticRegression(
            features: Self.tensor(features.map { $0 + [7] }), labels: labels, classCount: 2
        ).fit(strengths: [0.01])[0]
        let width = features[0].count + 1
        for row in 0..<2 { #expect(abs(with.weight[row * width + width - 1]) < 1e-9) }
        // Nothing varies at all: the classes' shares are what is left.
        let only = try LogisticRegression(
            features: Self.tensor([[1, 2], [1, 2], [1, 2], [1, 2]]), labels: [0, 1, 1, 1], classCount: 2
        ).fit(strengths: [0.01])[0]
        #expect(only.weight == [0, 0, 0, 0])
        expectClose([only.bias[1] - only.bias[0]], [log(3)], absolute: 1e-4, "bias")
    }

    @Test func aClassWithoutImagesIsNeverTheAnswer() throws {
        let (features, labels) = Self.clusters(images: 40, classes: 2)
        let fit = try LogisticRegression(
            features: Self.tensor(features), labels: labels.map { $0 * 2 }, classCount: 4
        ).fit(strengths: [1e-6])[0]
        #expect(fit.bias.allSatisfy(\.isFinite) && fit.weight.allSatisfy(\.isFinite))
        for scale in [Float(0), 1, -100] {
            for logits in Self.logits(fit, features.map { $0.map { $0 * scale } }) {
                #expect(max(logits[1], logits[3]) < max(logits[0], logits[2]))
            }
        }
    }

    @Test(arguments: [1, 5]) func oneImageIsEnough(classes: Int) throws {
        let fit = try LogisticRegression(
            features: Self.tensor([[1, 2, 3]]), labels: [0], classCount: classes
        ).fit(strengths: [1, 1e-8])[1]
        #expect(fit.isConverged && fit.weight.allSatisfy { $0 == 0 } && fit.bias.allSatisfy(\.isFinite))
        #expect(fit.bias.max() == fit.bias[0])
    }

    @Test func separableImagesAndHundredsOfClassesConverge() throws {
        let (features, labels) = Self.clusters(images: 600, classes: 200, width: 64)
        let fits = try LogisticRegression(
            features: Self.tensor(features), labels: labels, classCount: 200
        ).fit(strengths: [0.1, 1e-3, 1e-6, 1e-8])
        for fit in fits {
            #expect(fit.isConverged && fit.weight.allSatisfy(\.isFinite), "\(fit.strength)")
        }
        #expect(fits[3].loss < 1e-4)
    }

    @Test func whatCannotBeFittedIsRefused() throws {
        let two: [[Float]] = [[1, 2], [3, 4]]
        func refusal(
            _ features: [[Float]], _ labels: [Int], classes: Int = 2, weights: [Double]? = nil,
            strength: Double = 0.1
        ) -> String {
            message {
                _ = try LogisticRegression(
                    features: Self.tensor(features), labels: labels, classCount: classes,
                    classWeights: weights
                ).fit(strengths: [strength])
            }
        }
        let what = "logistic regression: "
        #expect(
            refusal([[1, 2], [3, .nan]], [0, 1]) == what + "feature 1 of image 1 is not finite")
        #expect(
            refusal([[-.infinity, 2], [3, 4]], [0, 1]) == what + "feature 0 of image 0 is not finite")
        #expect(refusal(two, [0, 2]) == what + "label 2 of image 1, expected 0..<2")
        #expect(
            refusal(two, [0]) == what
                + "features of shape [2, 2], expected 1 rows, one for each label, and at least one row and column"
        )
        #expect(
            refusal(two, [0, 1], strength: 0) == what + "L2 strength 0.0, expected a finite number above 0")
        for weights in [[1], [1, -1], [1, .nan], [0, 0], [.infinity, 1]] {
            #expect(
                refusal(two, [0, 1], weights: weights).hasPrefix(what + "class weights "),
                "\(weights)")
        }
    }

    @Test func aFitCanBeEnded() throws {
        struct Stop: Error {}
        let (features, labels) = Self.clusters(images: 30, classes: 2)
        let regression = try LogisticRegression(
            features: Self.tensor(features), labels: labels, classCount: 2)
        var calls = 0
        #expect(throws: Stop.self) {
            try regression.fit(strengths: [1, 0.1]) {
                calls += 1
                if calls == 3 { throw Stop() }
            }
        }
        #expect(calls == 3)
    }

    private static func tensor(_ rows: [[Float]]) throws -> Tensor {
        try Tensor(rows.flatMap { $0 }, shape: [rows.count, rows.first?.count ?? 0])
    }

    private static func logits(_ fit: LogisticRegression.Fit, _ features: [[Float]]) -> [[Double]] {
        features.map { row in
            fit.bias.indices.map { name in
                zip(row, fit.weight[(name * row.count)...]).reduce(fit.bias[name]) {
                    $0 + Double($1.0) * $1.1
                }
            }
        }
    }

    /// Clusters that overlap when there are few axes.
    private static func clusters(
        images: Int, classes: Int, width: Int = 5
    ) -> (features: [[Float]], labels: [Int]) {
        var generator = SeededGenerator(seed: 3)
        func draw() -> Float { Float.random(in: -1...1, using: &generator) }
        let centres = (0..<classes).map { _ in (0..<width).map { _ in draw() } }
        let labels = (0..<images).map { $0 % classes }
        return (labels.map { centres[$0].map { $0 + draw() } }, labels)
    }
}
