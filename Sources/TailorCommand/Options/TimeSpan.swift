import Foundation
import TailorArguments

/// `90s`, `10m`, `1h30m`, or 0: a number alone could as well mean minutes.
struct TimeSpan: ArgumentValue {
    let seconds: Double

    init(seconds: Double) { self.seconds = seconds }

    init(argument text: String) throws(ValueProblem) {
        let problem = ValueProblem(expected: "a time such as 90s, 10m or 1h30m")
        if Double(text) == 0 {
            seconds = 0
            return
        }
        var total = 0.0
        var rest = text[...]
        // Larger units first, each at most once.
        for (unit, size) in [("h", 3600.0), ("m", 60), ("s", 1)] where rest.contains(unit) {
            let parts = rest.split(separator: unit, maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let number = Double(parts[0]), number >= 0, number.isFinite else {
                throw problem
            }
            total += number * size
            rest = parts[1]
        }
        guard rest.isEmpty, !text.isEmpty else { throw problem }
        seconds = total
    }

    var argumentText: String {
        let whole = Int(min(max(seconds, 0), 1e9).rounded())
        let parts = [(whole / 3600, "h"), (whole / 60 % 60, "m"), (whole % 60, "s")].filter { $0.0 > 0 }
        return parts.isEmpty ? "0s" : parts.map { "\($0.0)\($0.1)" }.joined()
    }
    static var placeholder: String { "time" }
}
