import Foundation
import TailorSupport
import TestSupport
import Testing

@Suite struct CholeskyTests {
    /// Numbers that are no round ones, a product with its own transpose and something on the diagonal.
    private static func matrix(_ count: Int, seed: UInt64) -> [Double] {
        var generator = SeededGenerator(seed: seed)
        let half = (0..<count * count).map { _ in generator.uniform(-1...1) }
        var matrix = [Double](repeating: 0, count: count * count)
        for i in 0..<count {
            for j in 0..<count {
                for k in 0..<count { matrix[i * count + j] += half[i * count + k] * half[j * count + k] }
                if i == j { matrix[i * count + j] += 0.01 }
            }
        }
        return matrix
    }

    /// Row by row, as textbooks have it (Cholesky and Banachiewicz).
    private static func byRows(_ matrix: [Double], _ count: Int) -> [Double] {
        var lower = [Double](repeating: 0, count: count * count)
        for i in 0..<count {
            for j in 0...i {
                var sum = matrix[i * count + j]
                for k in 0..<j { sum -= lower[i * count + k] * lower[j * count + k] }
                lower[i * count + j] = i == j ? sum.squareRoot() : sum / lower[j * count + j]
            }
        }
        return lower
    }

    /// A column at a time, beginning where its solution does.
    private static func inverse(_ lower: [Double], _ count: Int) -> [Double] {
        var inverse = [Double](repeating: 0, count: count * count)
        for column in 0..<count {
            var solution = [Double](repeating: 0, count: count)
            for i in column..<count {
                var sum = i == column ? 1.0 : 0
                for k in column..<i { sum -= lower[i * count + k] * solution[k] }
                solution[i] = sum / lower[i * count + i]
            }
            for i in stride(from: count - 1, through: 0, by: -1) {
                var sum = solution[i]
                for k in i + 1..<count { sum -= lower[k * count + i] * solution[k] }
                solution[i] = sum / lower[i * count + i]
            }
            for i in 0..<count { inverse[i * count + column] = solution[i] }
        }
        return inverse
    }

    /// Model files depend on these bits.
    @Test(arguments: [1, 2, 3, 27, 147])
    func theSameBitsInEitherOrder(count: Int) throws {
        for seed in 0..<5 as Range<UInt64> {
            let matrix = Self.matrix(count, seed: seed)
            let factor = try #require(Cholesky(matrix, dimension: count))
            let expected = Self.byRows(matrix, count)
            let found = (0..<count).flatMap { i in (0...i).map { factor[i, $0].bitPattern } }
            #expect(found == (0..<count).flatMap { i in (0...i).map { expected[i * count + $0].bitPattern } })
            #expect(
                factor.inverse.map(\.bitPattern) == Self.inverse(expected, count).map(\.bitPattern))
        }
    }

    @Test func solvesItsEquation() throws {
        let matrix = Self.matrix(20, seed: 9)
        let wanted = (0..<20).map { Double($0) - 7.5 }
        let right = (0..<20).map { i in (0..<20).reduce(0) { $0 + matrix[i * 20 + $1] * wanted[$1] } }
        let found = try #require(Cholesky(matrix, dimension: 20)).solve(right)
        expectClose(found, wanted, absolute: 1e-8)
    }

    @Test(arguments: [[1, 9, 2, 1], [0, 0, 0, 1], [-1, 0, 0, 1], [.nan, 0, 0, 1], [1, 0, .nan, 1]])
    func notPositiveDefinite(matrix: [Double]) {
        #expect(Cholesky(matrix, dimension: 2) == nil)
    }

    @Test func theUpperTriangleIsNotRead() throws {
        let factor = try #require(Cholesky([4, .nan, 2, 5], dimension: 2))
        #expect([factor[0, 0], factor[1, 0], factor[1, 1]] == [2, 1, 2])
    }
}

@Suite struct SoftmaxTests {
    @Test func byHand() {
        expectClose(softmax([0, log(3)]), [0.25, 0.75], absolute: 5e-13)
        expectClose(softmax([0, 2 * log(3)], temperature: 2), [0.25, 0.75], absolute: 5e-13)
        #expect(softmax([1e6, 1e6]) == [0.5, 0.5])
        #expect(softmax([-1e6, 1e6]) == [0, 1])
        #expect(softmax([]).isEmpty)
    }
}

@Suite struct DisjointSetsTests {
    @Test func theSmallestLeads() {
        var sets = DisjointSets(count: 7)
        for (a, b) in [(5, 6), (6, 2), (4, 3), (2, 5)] { sets.join(a, b) }
        #expect((0..<7).map { sets.root(of: $0) } == [0, 1, 2, 3, 3, 2, 2])
        #expect((0..<7).map { sets.size(of: $0) } == [1, 1, 3, 2, 2, 3, 3])
        #expect(sets.clusters() == [[2, 5, 6], [3, 4]])
    }
}

@Suite struct PercentTests {
    @Test func wholePercent() {
        #expect(
            [0, 0.004, 0.005, 0.816, 0.995, 1].map { percent($0) } == [
                "0 %", "0 %", "1 %", "82 %", "100 %", "100 %",
            ])
        #expect(percent(Float(0.999), rounded: .down) == "99 %")
        // In its own precision: the nearest double to the float 0.29 is a little less.
        #expect(percent(Float(0.29), rounded: .down) == "29 %")
        #expect(percent(Double.nan) == "n/a")
        #expect(percent(Double.infinity) == "n/a")
    }
}
