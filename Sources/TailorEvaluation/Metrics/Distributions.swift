import Foundation

/// Quantiles of distributions, by bisection of the distribution function.
enum Distributions {
    /// Normal quantile: z with P(Z ≤ z) = `probability` for a standard normal Z; `probability` in 0..<1,
    /// exclusive.
    static func normalQuantile(_ probability: Double) -> Double {
        bisect(from: -40, to: 40) { 0.5 * erfc(-$0 / 2.0.squareRoot()) < probability }
    }

    /// Student's quantile: t with P(T ≤ t) = `probability` ≥ 0.5 for Student's T with `degreesOfFreedom` ≥ 1.
    static func studentQuantile(_ probability: Double, degreesOfFreedom: Int) -> Double {
        let freedom = Double(degreesOfFreedom)
        return bisect(from: 0, to: 1e6) { t in
            1 - 0.5 * regularizedBeta(freedom / (freedom + t * t), freedom / 2, 0.5) < probability
        }
    }

    /// Quantile of the beta distribution: x with Iₓ(a, b) = `probability`, for a and b above 0.
    static func betaQuantile(_ probability: Double, _ a: Double, _ b: Double) -> Double {
        bisect(from: 0, to: 1) { regularizedBeta($0, a, b) < probability }
    }

    /// Finds the point where `isBelow` turns false, to the last bit.
    private static func bisect(from: Double, to: Double, isBelow: (Double) -> Bool) -> Double {
        var (low, high) = (from, to)
        while true {
            let middle = low + (high - low) / 2
            guard middle > low, middle < high else { return middle }
            if isBelow(middle) { low = middle } else { high = middle }
        }
    }

    /// Regularised incomplete beta function Iₓ(a, b), by its continued fraction (DLMF 8.17.22, Lentz's
    /// method).
    static func regularizedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        // The fraction converges fast below the mean; above it, use the symmetry.
        if x > (a + 1) / (a + b + 2) { return 1 - regularizedBeta(1 - x, b, a) }
        let logFront = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x) - log(a)
        let tiny = 1e-300
        var c = 1.0
        var d = 1 - (a + b) * x / (a + 1)
        d = 1 / (abs(d) < tiny ? tiny : d)
        var fraction = d
        for m in 1...500 {
            let m = Double(m)
            for numerator in [
                m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            ] {
                d = 1 + numerator * d
                d = 1 / (abs(d) < tiny ? tiny : d)
                c = 1 + numerator / c
                if abs(c) < tiny { c = tiny }
                fraction *= d * c
            }
            if abs(d * c - 1) < 1e-16 { break }
        }
        return exp(logFront) * fraction
    }
}
