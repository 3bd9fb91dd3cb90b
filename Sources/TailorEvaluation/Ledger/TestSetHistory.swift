import TailorSupport

/// What is on record about a test set before a use of it.
public struct TestSetHistory: Sendable {
    /// Number of uses, lost and damaged entries included.
    public let uses: Int
    /// Uses among them with other models than the present one.
    public let usesWithOthers: Int
    /// Date of the last use in ISO 8601; nil if none is known.
    public let lastUse: String?
    /// Differences from the images of the last use; nil when these are not known.
    public let changes: TestSet.Changes?
    /// Distinct images that were tested before as part of other test sets, uses that do not count.
    public let imagesElsewhere: Int
    public let imageCount: Int
    /// Signs that a ledger is not as it was written, with the ledger's path.
    public let problems: [String]
    /// Why the user's state folder could not be read or written; nil if it could.
    public let stateProblem: String?

    /// What the user should hear besides the count.
    public var warnings: [String] {
        var found = problems
        if let text = changes?.text {
            found.append(
                "the test set is not as it was when last used\(lastUse.map { " (\($0))" } ?? ""): \(text)")
        }
        if imagesElsewhere > 0 {
            let verb = imagesElsewhere == 1 ? "was" : "were"
            found.append(
                "\(imagesElsewhere) of \(counted(imageCount, "test image")) \(verb) tested before in another test "
                    + "set, which does not count as a use of this one")
        }
        if let stateProblem {
            found.append(
                "uses of this test set with other runs may be missing, and this one is counted in the run folder "
                    + "alone: \(stateProblem)")
        }
        return found
    }
}
