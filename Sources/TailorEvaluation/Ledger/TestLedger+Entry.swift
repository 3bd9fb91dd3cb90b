import Foundation
import TailorSupport

extension TestLedger {
    /// An entry of the ledger: one use of a test set.
    public struct Entry: Codable, Sendable, Hashable {
        /// Identity of the use, the same in every file that records it; entries of earlier versions have none.
        public var id: String?
        /// Date in ISO 8601, UTC.
        public var date: String
        /// Command line of the evaluation.
        public var command: [String]
        /// Fingerprint of the data the model was trained on.
        public var datasetFingerprint: String
        /// Fingerprint of the test images' paths and files.
        public var testFingerprint: String
        /// ``TestSet/id`` of the images; set by `append`. Entries of earlier versions have none.
        public internal(set) var testSet: String?
        /// SHA-256 of the weights evaluated.
        public var checkpoint: String
        /// SHA-256 of the model file tested in the same use; `nil` if none was.
        public var exported: String?
        /// Headline metrics as shown, for instance `accuracy`, `macro_f1`, `n`; finite.
        public var metrics: [String: Double]
        /// Number of this use of the test set, from 1; set by `append`.
        public internal(set) var use: Int = 0
        /// SHA-256 of the line before, without its line end; 64 zeros in the first; set by `append`.
        public internal(set) var previous: String = LedgerFile.Inspection.noLine

        public init(
            id: String = UUID().uuidString.lowercased(), date: Date = Date(), command: [String],
            datasetFingerprint: String, testFingerprint: String, checkpoint: String, exported: String? = nil,
            metrics: [String: Double]
        ) {
            self.id = id
            self.date = date.formatted(.iso8601)
            self.command = command
            self.datasetFingerprint = datasetFingerprint
            self.testFingerprint = testFingerprint
            self.checkpoint = checkpoint
            self.exported = exported
            self.metrics = metrics
        }

        enum CodingKeys: String, CodingKey {
            case id, date, command, checkpoint, exported, metrics, use, previous
            case datasetFingerprint = "dataset_fingerprint"
            case testFingerprint = "test_fingerprint"
            case testSet = "test_set"
        }
    }
}
