/// Deterministic random number generator: xoshiro256** (Blackman and Vigna, 2018), seeded by SplitMix64 as
/// its authors recommend.
///
/// The same seed gives the same numbers on every machine and with every version of Swift, because nothing
/// depends on the standard library's sampling. A copy continues independently. Not cryptographically secure.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// Creates the generator of a seed; neighbouring seeds give unrelated sequences.
    public init(seed: UInt64) {
        var filler = SplitMix64(state: seed)
        state = (filler.next(), filler.next(), filler.next(), filler.next())
    }

    /// Creates the generator of one substream, for instance `streams: epoch, sampleIndex`.
    ///
    /// The order of the streams counts, and so does their number: (1, 2), (2, 1) and (1, 2, 0) are
    /// three unrelated generators.
    public init(seed: UInt64, streams: UInt64...) {
        self.init(seed: seed, streams: streams)
    }

    /// Creates the generator of one substream given as an array; an empty one is the same as `init(seed:)`.
    public init(seed: UInt64, streams: [UInt64]) {
        var combined = seed
        for stream in streams {
            var mixer = SplitMix64(state: combined)
            let rotated = mixer.next()
            mixer = SplitMix64(state: rotated ^ stream)
            combined = mixer.next()
        }
        self.init(seed: combined)
    }

    /// Creates a generator with the given state, for comparison with the authors' reference numbers.
    package init(state: (UInt64, UInt64, UInt64, UInt64)) {
        self.state = state
    }

    /// Draws 64 uniform bits.
    public mutating func next() -> UInt64 {
        let result = Self.rotate(state.1 &* 5, by: 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = Self.rotate(state.3, by: 45)
        return result
    }

    /// Draws a uniform number within the range (its upper bound is reached only through rounding).
    public mutating func uniform(_ range: ClosedRange<Double>) -> Double {
        // 53 bits: all that a Double in 0..<1 can hold.
        let fraction = Double(next() >> 11) * 0x1p-53
        return range.lowerBound + (range.upperBound - range.lowerBound) * fraction
    }

    /// Draws a uniform integer in `0 ..< below`, without bias (Lemire, 2019); 0 when `below` is 1 or less.
    public mutating func integer(below: Int) -> Int {
        guard below > 1 else { return 0 }
        let bound = UInt64(below)
        let threshold = (0 &- bound) % bound
        while true {
            let product = next().multipliedFullWidth(by: bound)
            if product.low >= threshold { return Int(product.high) }
        }
    }

    /// Draws true with this probability; never for 0 or less, always for 1 or more. Takes one number either
    /// way.
    public mutating func chance(_ probability: Double) -> Bool {
        uniform(0...1) < probability
    }

    /// Shuffles in place (Fisher and Yates, from the end); the standard library's algorithm may change.
    public mutating func shuffle<T>(_ array: inout [T]) {
        guard array.count > 1 else { return }
        for last in stride(from: array.count - 1, to: 0, by: -1) {
            array.swapAt(last, integer(below: last + 1))
        }
    }

    private static func rotate(_ value: UInt64, by count: UInt64) -> UInt64 {
        (value << count) | (value >> (64 - count))
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014), which fills states and combines seeds.
package struct SplitMix64 {
    package var state: UInt64

    package init(state: UInt64) { self.state = state }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
