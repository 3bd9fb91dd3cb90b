import TailorSupport

/// What a person decided about the label of one image.
public struct LabelDecision: Codable, Sendable, Hashable {
    public enum Verdict: String, Codable, Sendable, CaseIterable {
        /// The label is right.
        case keep
        case relabel
        /// The image is of no use: training leaves it out.
        case exclude
        /// Looked at and not decided: nothing changes.
        case unsure
    }

    /// Path from the dataset's folder.
    public var path: String
    /// SHA-256 of the file that was looked at; empty for one that could not be read.
    public var sha256: String
    /// Class when it was looked at; empty for a file of which none is known.
    public var oldLabel: String
    public var verdict: Verdict
    /// Class that it gets; nil unless relabelled.
    public var newLabel: String?
    public var reviewer: String
    /// When, in ISO 8601.
    public var time: String

    public init(
        path: String, sha256: String, oldLabel: String, verdict: Verdict, newLabel: String? = nil,
        reviewer: String = "", time: String = ""
    ) {
        self.path = path
        self.sha256 = sha256
        self.oldLabel = oldLabel
        self.verdict = verdict
        self.newLabel = newLabel
        self.reviewer = reviewer
        self.time = time
    }

    private enum CodingKeys: String, CodingKey {
        case path, sha256, oldLabel
        case verdict = "decision"
        case newLabel, reviewer, time
    }
}

/// Decisions that were carried out, as `run.json` lists them.
public struct AppliedDecisions: Codable, Sendable, Hashable {
    public var kept = 0
    public var relabelled = 0
    public var excluded = 0
    public var unsure = 0
    /// All of them, with the paths as the dataset spells them.
    public var decisions: [LabelDecision]

    package init(_ decisions: [LabelDecision]) {
        self.decisions = decisions
        for decision in decisions {
            switch decision.verdict {
            case .keep: kept += 1
            case .relabel: relabelled += 1
            case .exclude: excluded += 1
            case .unsure: unsure += 1
            }
        }
    }

    /// `5 images relabelled, 2 left out, 30 kept, 1 unsure`.
    public var summary: String {
        var parts = ["\(counted(relabelled, "image")) relabelled", "\(excluded) left out", "\(kept) kept"]
        if unsure > 0 { parts.append("\(unsure) unsure") }
        return parts.joined(separator: ", ")
    }
}

/// Decisions that are no such table, or do not fit the data.
public struct DecisionError: CategorizedError, Equatable, Sendable {
    public var category: ErrorCategory { .input }

    public let description: String

    package init(_ description: String) { self.description = description }

    /// What does not fit, a line each, below `head`.
    init(_ head: String, lines: [String], limit: Int = 10) {
        let more = lines.count > limit ? "\n  and \(lines.count - limit) more" : ""
        self.init(head + lines.prefix(limit).map { "\n  \($0)" }.joined() + more)
    }

    /// Refuses decisions that take the last image of a class or of the validation set.
    ///
    /// - Parameters:
    ///   - training: classes of the training images that are left.
    ///   - validation: number of validation images that are left; nil where there never was such a set.
    package static func checkLeft(classes: [String], training: Set<String>, validation: Int?) throws {
        let lost = classes.filter { !training.contains($0) }
        guard lost.isEmpty else {
            throw DecisionError(
                "the decisions leave no training image of \(counted(lost.count, "class", "classes")): "
                    + lost.listed())
        }
        if validation == 0 { throw DecisionError("the decisions leave no validation image") }
    }
}
