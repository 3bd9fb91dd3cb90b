import Foundation
import TailorAudit
import TailorSupport
import TestSupport
import Testing

@Suite struct LabelTests {
    /// Images of classes that lie apart, in made features; a number of them under another class.
    private struct Made {
        var values: [Float] = []
        var truth: [Int] = []
        var labels: [Int] = []
        var groups: [Int] = []
        let dimension = 12

        /// - Parameter flips: images with the classes that they are labelled as.
        init(counts: [Int], spread: Double = 0.35, flips: [Int: Int] = [:]) {
            var generator = SeededGenerator(seed: 5)
            for (name, count) in counts.enumerated() {
                for _ in 0..<count {
                    for feature in 0..<dimension {
                        let noise = (0..<4).reduce(0.0) { sum, _ in sum + generator.uniform(-1...1) }
                        values.append(Float((feature % counts.count == name ? 3 : 1) + spread * noise))
                    }
                    truth.append(name)
                }
            }
            labels = truth.enumerated().map { flips[$0] ?? $1 }
            groups = Array(truth.indices)
        }

        /// Adds an image again, as `label`, in the group of the first.
        mutating func copy(_ image: Int, as label: Int) {
            values += values[image * dimension..<(image + 1) * dimension].map { $0 * 1.001 }
            truth.append(truth[image])
            labels.append(label)
            groups.append(groups[image])
        }

        func rows() throws -> KernelRows {
            KernelRows(try #require(FeatureMatrix(values: values, dimension: dimension)))
        }

        func checks(classCount: Int, workers: Int = 2) throws -> LabelChecks {
            let probabilities = try #require(
                LabelAudit.probabilities(
                    try rows(), labels: labels, groups: groups, classCount: classCount, workers: workers))
            #expect(probabilities.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-9 })
            return LabelChecks(
                probabilities: probabilities, labels: labels, groups: groups, classCount: classCount)
        }
    }

    @Test func changedLabelsComeFirstWithTheRightClass() throws {
        let flips = [3: 1, 17: 2, 41: 0, 55: 2, 80: 0, 99: 1]
        let made = Made(counts: [40, 40, 40], flips: flips)
        let suspects = try made.checks(classCount: 3).suspects
        #expect(Set(suspects.prefix(6).map(\.index)) == Set(flips.keys))
        #expect(suspects.prefix(6).allSatisfy { $0.suggestion == made.truth[$0.index] && $0.score > 0.9 })
        #expect(suspects.count == 6, "\(suspects)")
        #expect(suspects == suspects.sorted { $0.score > $1.score })
        #expect(try made.checks(classCount: 3, workers: 1).suspects == suspects, "any number of threads")
    }

    /// A copy that was labelled wrong with it speaks for the wrong label, unless both are left out together.
    @Test func copiesDoNotVouchForEachOther() throws {
        var made = Made(counts: [30, 30], flips: [4: 1])
        for _ in 0..<5 { made.copy(4, as: 1) }
        let wrong: Set = [4, 60, 61, 62, 63, 64]
        #expect(Set(try made.checks(classCount: 2).suspects.prefix(6).map(\.index)) == wrong)
        made.groups = Array(made.labels.indices)
        let alone = try made.checks(classCount: 2).suspects
        #expect(alone.allSatisfy { $0.score < 0.9 }, "\(alone)")
    }

    @Test func aCopyUnderAnotherLabelIsAWitness() throws {
        func doubt(_ made: Made) throws -> Double {
            let suspects = try made.checks(classCount: 2).suspects
            return try #require(suspects.first { $0.index == 4 }, "\(suspects)").score
        }
        let alone = Made(counts: [30, 30], spread: 0.6, flips: [4: 1])
        var witnessed = alone
        for _ in 0..<3 { witnessed.copy(4, as: 0) }
        #expect(try doubt(witnessed) > doubt(alone))
        #expect(try witnessed.checks(classCount: 2).suspects.first?.index == 4)
    }

    @Test func smallClassesAreNotJudged() throws {
        for few in 1...4 {
            let suspects = try Made(counts: [30, 30, few]).checks(classCount: 3).suspects
            #expect(suspects.allSatisfy { few > 2 || $0.index < 60 }, "\(few): \(suspects)")
        }
        // Five copies of one picture are one, too.
        var made = Made(counts: [30, 30, 1])
        for _ in 0..<5 { made.copy(60, as: 2) }
        #expect(try made.checks(classCount: 3).suspects.allSatisfy { $0.index < 60 })
    }

    @Test func whatCannotBeToldApartTellsNothing() throws {
        let one = Made(counts: [20])
        #expect(
            LabelAudit.probabilities(
                try one.rows(), labels: one.labels, groups: one.groups, classCount: 3, workers: 1) == nil)
        let none = KernelRows(try #require(FeatureMatrix(values: [], dimension: 4)))
        #expect(
            LabelAudit.probabilities(none, labels: [], groups: [], classCount: 2, workers: 1) == nil)
        // All pictures alike.
        var same = Made(counts: [6, 6])
        same.values = Array(repeating: 1, count: same.values.count)
        let rows = try #require(
            LabelAudit.probabilities(
                try same.rows(), labels: same.labels, groups: same.groups, classCount: 2, workers: 1))
        #expect(rows.allSatisfy { $0.allSatisfy { (0...1).contains($0) } })
    }

    /// Kernel ridge regression fitted anew without each group, by its textbook formula.
    private static func refitted(_ made: Made, rows: KernelRows, classCount: Int, strength: Double) throws
        -> [[Double]]
    {
        var scores = [[Double]](repeating: [], count: made.labels.count)
        for group in Set(made.groups) {
            let kept = made.labels.indices.filter { made.groups[$0] != group }
            let matrix = kept.flatMap { row in
                kept.map { rows.kernel(row, $0) + (row == $0 ? strength : 0) }
            }
            let factor = try #require(Cholesky(matrix, dimension: kept.count))
            let weights = (0..<classCount).map { name in
                factor.solve(kept.map { (made.labels[$0] == name ? 1 : 0) - 1 / Double(classCount) })
            }
            for row in made.labels.indices where made.groups[row] == group {
                scores[row] = weights.map { weights in
                    zip(weights, kept).reduce(0) { $0 + $1.0 * rows.kernel(row, $1.1) }
                }
            }
        }
        return scores
    }

    @Test func leavingOutIsFittingAgain() throws {
        var made = Made(counts: [14, 14, 12], spread: 0.8, flips: [5: 1])
        made.copy(3, as: 0)
        made.copy(20, as: 1)
        made.copy(20, as: 2)
        for row in 30..<36 { made.groups[row] = 30 }
        let rows = try made.rows()
        let expected = try Self.refitted(made, rows: rows, classCount: 3, strength: 0.3).flatMap { $0 }
        var limits = KernelLeastSquares.Limits()
        for group in [256, 2, 0] {
            limits.group = group
            let model = KernelLeastSquares(
                rows, labels: made.labels, groups: made.groups, classCount: 3, workers: 2, limits: limits,
                strengths: [0.3])
            expectClose(
                try #require(model.scores()).flatMap { $0 }, expected, absolute: 1e-5, "group \(group)")
        }
    }

    /// With fewer kernels than images the formula and fitting again agree as well, and little is lost.
    @Test func aSampleOfKernelsIsEnough() throws {
        let flips = [3: 1, 41: 0, 70: 0]
        let made = Made(counts: [40, 40], flips: flips)
        var limits = KernelLeastSquares.Limits()
        limits.landmarks = 24
        limits.tuning = 30
        func scores() throws -> [[Double]] {
            let model = KernelLeastSquares(
                try made.rows(), labels: made.labels, groups: made.groups, classCount: 2, workers: 2,
                limits: limits)
            return try #require(model.scores())
        }
        let quick = try scores()
        let doubts = quick.indices.sorted {
            quick[$0][made.labels[$0]] < quick[$1][made.labels[$1]]
        }
        #expect(Set(doubts.prefix(3)) == Set(flips.keys))
        limits.tuning = 80
        limits.group = 0
        let slow = try scores()
        limits.group = 256
        expectClose(try scores().flatMap { $0 }, slow.flatMap { $0 }, absolute: 1e-5)
    }

    /// By hand.
    @Test func doubtIsWhatTheLabelLacks() {
        let probabilities = [
            [0.9, 0.1], [0.7, 0.3], [0.2, 0.8], [0.3, 0.7], [0.55, 0.45], [0.05, 0.95], [0.5, 0.5],
        ]
        let checks = LabelChecks(probabilities: probabilities, labels: [0, 0, 0, 1, 1, 1, 1], classCount: 2)
        #expect(checks.suspects.map(\.index) == [2, 4])
        #expect(checks.suspects.map(\.suggestion) == [1, 0])
        expectClose(checks.suspects.map(\.score), [0.8, 0.55], absolute: 1e-12)
        let copies = LabelChecks(
            probabilities: probabilities, labels: [0, 0, 0, 1, 1, 1, 1], groups: [0, 1, 1, 2, 3, 4, 5],
            classCount: 2)
        #expect(copies.suspects.map(\.index) == [4], "two pictures of class 0 are too few to judge by")
        #expect(LabelChecks(probabilities: [[0.1], []], labels: [4, 1], classCount: 2).suspects.isEmpty)
    }

    @Test func nearestRowsAreThoseOfTheSmallestAngle() throws {
        // On a circle about the mean; squares, because the roots are compared.
        let angles: [Float] = [0, 0.1, 0.3, 3.1, 3.4, -0.2]
        let points = angles.flatMap { [cos($0), sin($0)] }
        let rows = KernelRows(
            try #require(FeatureMatrix(values: points.map { ($0 + 3) * ($0 + 3) }, dimension: 2)))
        #expect(rows.nearest(2, to: 0) { _ in true } == [1, 5])
        #expect(rows.nearest(3, to: 0) { $0 != 1 } == [5, 2, 4])
        #expect(rows.nearest(5, to: 0) { $0 > 4 } == [5])
        #expect(rows.nearest(0, to: 0) { _ in true } == [])
    }
}
