import Foundation

/// `value` with `digits` decimals and a point, whatever the locale; empty for NaN and infinities.
package func fixedPoint(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return "" }
    let text = String(format: "%.\(digits)f", locale: Locale(identifier: "en_US_POSIX"), value)
    // "-0.00" is a rounding artefact, not a figure.
    return text.hasPrefix("-") && !text.contains(where: { "123456789".contains($0) })
        ? String(text.dropFirst()) : text
}
