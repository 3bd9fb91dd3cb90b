import TailorSupport

/// Refusal to train because leaked images make the validation metrics meaningless.
public struct LeakRefusal: CategorizedError, Sendable {
    /// Share of the validation images, or of all, above which training is refused.
    public static let tolerance = 0.05

    /// Titles of the findings, and how many images they affect.
    public let reasons: [String]

    /// Creates a refusal; nil when the findings are within the tolerance.
    ///
    /// Images are counted, each once however many findings and copies it has: validation images that training
    /// sees, against all validation images; images with two labels, against all images.
    public init?(_ findings: [Finding], imageCount: Int, validationCount: Int) {
        let errors = findings.filter { $0.severity == .error }
        let leaks = errors.filter { !$0.leakedValidation.isEmpty }
        let conflicts = errors.filter { $0.leakedValidation.isEmpty && !$0.code.hasSuffix("-across-splits") }
        let leaked = leaks.reduce(into: Set<PathKey>()) { $0.formUnion($1.leakedValidation) }
        let disputed = Set(conflicts.flatMap(\.items).flatMap(\.paths).map(PathKey.init))
        reasons =
            Self.reasons(leaks, affected: leaked.count, of: validationCount, "validation image")
            + Self.reasons(conflicts, affected: disputed.count, of: imageCount, "image")
        if reasons.isEmpty { return nil }
    }

    private static func reasons(
        _ findings: [Finding], affected: Int, of total: Int, _ noun: String
    ) -> [String] {
        guard Double(affected) > tolerance * Double(total) else { return [] }
        let share = "\(affected) of \(counted(total, noun)) affected, at most \(percent(tolerance)) may be."
        return findings.map(\.title) + [share]
    }

    public var category: ErrorCategory { .gate }

    public var description: String {
        reasons.joined(separator: "\n  ")
            + "\n  Validation would pick a model by what it has learnt by heart. See "
            + "tailor check DATA; --fix NAME.txt lists what to leave out, train --exclude-from takes the list. "
            + "--allow-leaks trains all the same."
    }
}
