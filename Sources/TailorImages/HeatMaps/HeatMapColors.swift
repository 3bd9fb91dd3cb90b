/// Colours from no evidence to the most: dark violet over red to yellow, ever lighter, so that those who confuse colours
/// and those who print in grey see the same order.
///
/// Between the stops, which are matplotlib's inferno (S. van der Walt, N. Smith, 2015; CC0) at every eighth, colours are
/// interpolated.
package enum HeatMapColors {
    private static let stops: [SIMD3<Float>] = [
        [0, 0, 4], [33, 12, 74], [87, 16, 110], [138, 34, 106], [188, 55, 84], [228, 90, 49], [249, 142, 9],
        [249, 203, 53], [252, 255, 164],
    ]

    /// Colour of a share, 0...1, red, green, blue in 0...255.
    package static func color(_ share: Float) -> SIMD3<Float> {
        let position = min(max(share, 0), 1) * Float(stops.count - 1)
        let first = min(Int(position), stops.count - 2)
        let rest = position - Float(first)
        return stops[first] + rest * (stops[first + 1] - stops[first])
    }
}
