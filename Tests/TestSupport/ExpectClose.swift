import Testing

/// Fails unless both have the same count and each pair differs by at most the larger of `absolute` and
/// `relative · |expected|`. What is missing, NaN or infinite is close only to the same.
public func expectClose<Number: BinaryFloatingPoint>(
    _ actual: [Number?], _ expected: [Number?], relative: Number = 0, absolute: Number = 0,
    _ what: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
    guard actual.count == expected.count else {
        Issue.record(
            "\(what.isEmpty ? "" : what + ": ")expected \(expected.count) numbers, got \(actual.count)",
            sourceLocation: sourceLocation)
        return
    }
    let differences = zip(actual, expected).map { difference($0, $1) }
    let off = expected.indices.filter { index in
        // `maximum` ignores the NaN of 0 · ∞.
        let allowed = Number.maximum(absolute, relative * abs(expected[index] ?? 0))
        return !(differences[index].isFinite && differences[index] <= allowed)
    }
    guard let first = off.first else { return }
    Issue.record(
        """
        \(what)[\(first)]: expected \(text(expected[first])), got \(text(actual[first])); \
        \(off.count) of \(expected.count) are off, by up to \(differences.max() ?? 0)
        """, sourceLocation: sourceLocation)
}

/// As for arrays, of one number.
public func expectClose<Number: BinaryFloatingPoint>(
    _ actual: Number?, _ expected: Number?, relative: Number = 0, absolute: Number = 0,
    _ what: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
    expectClose(
        [actual], [expected], relative: relative, absolute: absolute, what, sourceLocation: sourceLocation)
}

/// Infinite where one is missing or not finite, 0 where both are the same.
private func difference<Number: BinaryFloatingPoint>(_ left: Number?, _ right: Number?) -> Number {
    guard let left, let right else { return left == nil && right == nil ? 0 : .infinity }
    if left == right || left.isNaN && right.isNaN { return 0 }
    return left.isFinite && right.isFinite ? abs(left - right) : .infinity
}

private func text<Number: BinaryFloatingPoint>(_ number: Number?) -> String {
    number.map { "\($0)" } ?? "none"
}
