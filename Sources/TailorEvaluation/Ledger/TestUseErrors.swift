import TailorSupport

/// Error of `--strict`: the test set was used before.
public struct TestSetAlreadyUsed: CategorizedError, Equatable, Sendable {
    public let runFolder: String
    public let uses: Int

    public var category: ErrorCategory { .gate }

    public var description: String {
        let times = uses == 1 ? "once" : "\(uses) times"
        return """
            the test set of \(runFolder.printable) was used \(times) before: expected a first use. \
            Another look makes the result less honest; without --strict it is counted and shown
            """
    }
}

/// Error of `--strict`: uses of the test set cannot be counted across runs.
public struct TestUsesUnknown: CategorizedError, Equatable, Sendable {
    public let reason: String

    public var category: ErrorCategory { .gate }

    public var description: String {
        "the uses of this test set cannot be counted across runs: \(reason). XDG_STATE_HOME names another folder; "
            + "without --strict the run folder alone counts"
    }
}
