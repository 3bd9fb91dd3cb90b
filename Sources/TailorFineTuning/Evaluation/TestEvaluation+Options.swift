import Foundation
import TailorDatasets
import TailorEvaluation
import TailorSupport

extension TestEvaluation {
    /// A model file made of the run, tested in the same use of the test set.
    public struct ExportedModel: Sendable {
        /// Name in tables, such as `int8`.
        public var name: String
        /// SHA-256 of the file.
        public var sha256: String
        public var temperature: Double
        /// Note on how its answers differ from its most probable classes, of which the metrics are; `nil`: they do not.
        public var rule: String?
        /// Classifies files: logits, `[files, classes]`.
        public var logits: @Sendable ([URL]) throws -> ScoreMatrix

        public init(
            name: String, sha256: String, temperature: Double, rule: String? = nil,
            logits: @escaping @Sendable ([URL]) throws -> ScoreMatrix
        ) {
            self.name = name
            self.sha256 = sha256
            self.temperature = temperature
            self.rule = rule
            self.logits = logits
        }
    }

    public struct Options: Sendable {
        /// Dataset folder, if it has moved; `nil`: where the run found it.
        public var dataset: URL?
        /// Refuse a second use, images that training has seen, entries of `exclusions` that name nothing, and
        /// whatever keeps one of these from being known.
        public var strict: Bool
        /// The command line, for the ledger.
        public var command: [String]
        /// Test the best model so far of a run that did not finish.
        public var allowsUnfinished: Bool
        /// Test images to leave out.
        public var exclusions: ExclusionList?
        /// Tested beside the trained model.
        public var exported: ExportedModel?
        /// Holds the record of uses across runs; `nil` for none. The user's by default.
        public var stateFolder: URL?

        public init(
            dataset: URL? = nil, strict: Bool = false, allowsUnfinished: Bool = false, command: [String] = [],
            exclusions: ExclusionList? = nil, exported: ExportedModel? = nil
        ) {
            self.dataset = dataset
            self.strict = strict
            self.allowsUnfinished = allowsUnfinished
            self.command = command
            self.exclusions = exclusions
            self.exported = exported
            stateFolder = StateFolder.tailor()
        }
    }
}
