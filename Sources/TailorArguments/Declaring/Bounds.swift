/// What is asked of a value beyond its type.
package struct Bounds<Value> {
    /// As in "expected 1…256".
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

    /// With the lower end, without the upper one.
    package static func within(_ range: Range<Value>) -> Bounds {
        Bounds(text: "\(range.lowerBound.argumentText) to below \(range.upperBound.argumentText)") {
            range.contains($0)
        }
    }

    package static func above(_ low: Value) -> Bounds {
        Bounds(text: "above \(low.argumentText)") { $0 > low }
    }

    /// Without the ends.
    package static func between(_ low: Value, _ high: Value) -> Bounds {
        Bounds(text: "between \(low.argumentText) and \(high.argumentText)") { low < $0 && $0 < high }
    }
}
