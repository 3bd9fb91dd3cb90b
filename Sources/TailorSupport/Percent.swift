/// A share in whole percent: `0.816` → `82 %`. `n/a` for what is no number.
///
/// - Parameter rule: to nearest; `.down` where a hundred must mean all.
package func percent<Share: BinaryFloatingPoint>(
    _ share: Share, rounded rule: FloatingPointRoundingRule = .toNearestOrAwayFromZero
) -> String {
    Int(exactly: (100 * share).rounded(rule)).map { "\($0) %" } ?? "n/a"
}
