import TailorSupport

/// Training images that make the figures on validation meaningless.
public struct LeakRefusal: CategorizedError, Sendable {
    /// Share of the validation images, or of all, that may be affected before training is refused.
    public static let tolerance = 0.05

    public let reasons: [String]

    /// Nil when what was found can be lived with.
    public init?(_ findings: [Finding], imageCount: Int, validationCount: Int) {
        reasons = findings.filter { $0.severity == .error }.compactMap { finding in
            let affected = finding.items.reduce(0) { $0 + $1.paths.count }
            let limit = finding.code.hasSuffix("-across-splits") ? validationCount : imageCount
            return Double(affected) > Self.tolerance * Double(limit) ? finding.title : nil
        }
        if reasons.isEmpty { return nil }
    }

    public var category: ErrorCategory { .gate }

    public var description: String {
        reasons.joined(separator: "\n  ")
            + "\n  Validation would pick a model by what it has learnt by heart. See "
            + "tailor check DATA; --fix NAME.txt lists what to leave out, train --exclude-from takes the list. "
            + "--allow-leaks trains all the same."
    }
}
