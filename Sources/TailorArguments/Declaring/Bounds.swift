/// Range that a value must lie in.
package struct Bounds<Value> {
    /// Text to follow "expected", for example `1…256`.
    package let text: String
    let contains: (Value) -> Bool
}

extension Bounds where Value: Comparable & ArgumentValue {
    package static func within(_ range: ClosedRange<Value>) -> Bounds {
        Bounds(text: "\(range.lowerBound.argumentText)…\(range.upperBound.argumentText)") {
            range.contains($0)
        }
    }

    package static func atLeast(_ least: Value) -> Bounds {
        Bounds(text: "\(least.argumentText) or more") { $0 >= least }
    }

    /// Bounds that include the lower end but not the upper one.
    package static func within(_ range: Range<Value>) -> Bounds {
        Bounds(text: "\(range.lowerBound.argumentText) to below \(range.upperBound.argumentText)") {
            range.contains($0)
        }
    }

    package static func above(_ low: Value) -> Bounds {
        Bounds(text: "above \(low.argumentText)") { $0 > low }
    }

    /// Bounds that exclude both ends.
    package static func between(_ low: Value, _ high: Value) -> Bounds {
        Bounds(text: "between \(low.argumentText) and \(high.argumentText)") { low < $0 && $0 < high }
    }
}
