import TailorAudit
import TailorSupport
import Testing

/// The classifier of which heat maps of a dataset are made.
@Suite struct LinearHeadTests {
    /// Two classes with equal, spherical spread: the weights point from one mean to the other, and the border lies
    /// half-way, whatever the features' offset.
    @Test func theBorderLiesBetweenTheMeans() throws {
        let around: [[Float]] = [[1, 0], [-1, 0], [0, 1], [0, -1]]
        let rows = around.map { [$0[0] + 100, $0[1] + 7] } + around.map { [$0[0] + 104, $0[1] + 7] }
        let features = try #require(FeatureMatrix(values: rows.flatMap { $0 }, dimension: 2))
        let labels = [0, 0, 0, 0, 1, 1, 1, 1]
        let head = try #require(LinearHead(features, labels: labels, rows: Array(0..<8), classCount: 2))
        // Within-class covariance (4 · ½ · 2) / 6 = 2/3 in both directions, so that w₁ − w₀ = 4 / (2/3) = 6.
        #expect(abs(head.weights[1][0] - head.weights[0][0] - 6) < 1e-3)
        #expect(abs(head.weights[1][1] - head.weights[0][1]) < 1e-3)
        func scores(_ x: Float, _ y: Float) -> [Float] {
            zip(head.weights, head.biases).map { $0[0] * x + $0[1] * y + $1 }
        }
        for y: Float in [-3, 7, 20] {
            let border = scores(102, y)
            #expect(abs(border[0] - border[1]) < 2e-2, "\(border)")
        }
        let at = scores(104, 7)
        #expect(abs(at[1] - at[0] - 12) < 2e-2 && abs(at[0] + at[1]) < 2e-2, "\(at)")
    }

    @Test func rowsThatAreLeftOutDoNotCount() throws {
        let values: [Float] = [0, 1, 0, 2, 0, 3, 9, 1, 9, 2, 9, 3, 500, -90]
        let features = try #require(FeatureMatrix(values: values, dimension: 2))
        let labels = [0, 0, 0, 1, 1, 1, 0]
        let first = try #require(LinearHead(features, labels: labels, rows: Array(0..<6), classCount: 2))
        let shorter = try #require(FeatureMatrix(values: Array(values.dropLast(2)), dimension: 2))
        #expect(
            try #require(
                LinearHead(shorter, labels: Array(labels.dropLast()), rows: Array(0..<6), classCount: 2))
                == first)
        #expect(first.weights[1][0] > first.weights[0][0])
        // A class of which nothing is left.
        #expect(LinearHead(features, labels: labels, rows: [0, 1, 2, 6], classCount: 2) == nil)
        #expect(LinearHead(features, labels: labels, rows: [], classCount: 2) == nil)
    }
}
