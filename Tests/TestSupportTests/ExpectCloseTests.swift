import TestSupport
import Testing

@Suite struct ExpectCloseTests {
    @Test func whatIsCloseEnough() {
        expectClose([1, 2.5], [1, 2], absolute: 0.5)
        expectClose([Float(90)], [100], relative: 0.1)
        // The larger of both tolerances, not their sum.
        expectClose([10.5, 0.25], [10, 0], relative: 0.05, absolute: 0.25)
        expectClose([] as [Double], [])
        expectClose(-0.0, 0)
        expectClose([.nan, .infinity, -.infinity, nil] as [Double?], [.nan, .infinity, -.infinity, nil])
        expectClose([.infinity], [Float.infinity], relative: 0.1)
    }

    @Test(
        arguments: [
            ([1], [1, 2], "rates: expected 2 numbers, got 1"),
            ([1, 2], [1], "rates: expected 1 numbers, got 2"),
            (
                [0, 2, 4.5, 3], [0, 1, 4, 3],
                "rates[1]: expected 1.0, got 2.0; 2 of 4 are off, by up to 1.0"
            ),
            ([.nan], [1], "rates[0]: expected 1.0, got nan; 1 of 1 are off, by up to inf"),
            ([1], [.nan], "rates[0]: expected nan, got 1.0; 1 of 1 are off, by up to inf"),
            ([1], [.infinity], "rates[0]: expected inf, got 1.0; 1 of 1 are off, by up to inf"),
            ([-.infinity], [.infinity], "rates[0]: expected inf, got -inf; 1 of 1 are off, by up to inf"),
            ([nil], [0], "rates[0]: expected 0.0, got none; 1 of 1 are off, by up to inf"),
            ([0], [nil], "rates[0]: expected none, got 0.0; 1 of 1 are off, by up to inf"),
        ] as [([Double?], [Double?], String)])
    func whatIsOffIsNamed(_ actual: [Double?], _ expected: [Double?], _ message: String) {
        let line = #line + 2
        withKnownIssue {
            expectClose(actual, expected, relative: 0.1, absolute: 0.25, "rates")
        } matching: { issue in
            issue.comments.map(\.rawValue) == [message] && issue.sourceLocation?.line == line
        }
    }

    @Test func oneNumberAlone() {
        withKnownIssue {
            expectClose(Float(1.5), 1, absolute: 0.25)
        } matching: {
            $0.comments.map(\.rawValue) == ["[0]: expected 1.0, got 1.5; 1 of 1 are off, by up to 0.5"]
        }
    }

    /// A sum would let both pass.
    @Test func tolerancesDoNotAddUp() {
        withKnownIssue { expectClose(10.625, 10, relative: 0.05, absolute: 0.25) }
    }
}
