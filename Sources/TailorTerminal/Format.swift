import Foundation
import TailorEvaluation

/// Formatting of numbers for people: a point for decimals and a comma for thousands in every locale.
package enum Format {
    /// Text for a value that is not available.
    package static let notAvailable = "n/a"

    /// Formats an integer: `1574` → `1,574`.
    package static func count(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// Formats a count with its unit: `1 image`, `1,574 images`; `plural` if it is not formed by an s.
    package static func count(_ value: Int, _ unit: String, plural: String? = nil) -> String {
        "\(count(value)) \(value == 1 ? unit : plural ?? unit + "s")"
    }

    /// Formats a share in 0...1: `0.8193` → `81.9 %`.
    package static func percent(_ share: Double?, digits: Int = 1) -> String {
        guard let share, share.isFinite else { return notAvailable }
        return "\(fixedPoint(100 * share, digits: digits)) %"
    }

    /// Formats an interval of shares in 0...1: `78.8–84.7 %`.
    package static func percent(_ interval: Interval?, digits: Int = 1) -> String {
        guard let interval else { return notAvailable }
        let low = fixedPoint(100 * interval.low, digits: digits)
        return "\(low)–\(fixedPoint(100 * interval.high, digits: digits)) %"
    }

    /// Formats with fixed decimals: `0.7882` → `0.788`.
    package static func fixed(_ value: Double?, digits: Int = 3) -> String {
        guard let value, value.isFinite else { return notAvailable }
        return fixedPoint(value, digits: digits)
    }

    /// Formats an interval with fixed decimals: `0.741–0.832`.
    package static func fixed(_ interval: Interval?, digits: Int = 3) -> String {
        guard let interval else { return notAvailable }
        return "\(fixed(interval.low, digits: digits))–\(fixed(interval.high, digits: digits))"
    }

    /// Formats with at most three significant digits: `0.00125`, `0.1`, `3.2e-6`.
    package static func significant(_ value: Double) -> String {
        guard value.isFinite else { return notAvailable }
        if value == 0 { return "0" }
        let size = abs(value)
        if size < 1e-4 || size >= 1e6 {
            let exponent = Int(floor(log10(size) + 1e-12))
            return "\(trimmed(value / pow(10, Double(exponent)), digits: 2))e\(exponent)"
        }
        return trimmed(value, digits: max(0, 2 - Int(floor(log10(size) + 1e-12))))
    }

    /// Formats bytes in powers of 1000: `512 B`, `45 MB`, `1.24 GB`.
    package static func bytes(_ count: Int) -> String {
        let size = Double(count)
        for (unit, least) in [("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)] where abs(size) >= least {
            // Two digits behind the point up to 10 GB, one up to 100 GB.
            let digits = least < 1e9 ? 0 : size < 9.995 * least ? 2 : size < 99.95 * least ? 1 : 0
            return "\(fixedPoint(size / least, digits: digits)) \(unit)"
        }
        return "\(count) B"
    }

    /// Formats seconds as a duration: `0.4 s`, `45 s`, `2 min 03 s`, `1 h 05 min`.
    package static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite else { return notAvailable }
        let seconds = max(0, seconds)
        if seconds < 9.95 { return "\(fixedPoint(seconds, digits: 1)) s" }
        let whole = Int(min(seconds, 1e12).rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
        let minutes = Int((min(seconds, 1e12) / 60).rounded())
        return "\(count(minutes / 60)) h \(twoDigits(minutes % 60)) min"
    }

    /// Formats seconds as a clock: `0:07`, `12:30`, `1:02:09`.
    package static func clock(_ seconds: Double) -> String {
        guard seconds.isFinite else { return "-:--" }
        let whole = Int(min(max(0, seconds), 1e12).rounded())
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        return hours > 0
            ? "\(hours):\(twoDigits(minutes)):\(twoDigits(rest))" : "\(minutes):\(twoDigits(rest))"
    }

    private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    private static func trimmed(_ value: Double, digits: Int) -> String {
        var text = fixedPoint(value, digits: digits)
        guard text.contains(".") else { return text }
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
