import Foundation
import TailorCheckpoints
import TailorDeployment
import TailorEvaluation
import TailorFineTuning
import TailorReports
import TailorResNet
import TailorSupport

/// Model folder as timm and transformers load it: `model.safetensors`, `config.json` and the model card `README.md`.
///
/// May be a folder with files of others, such as a repository of the Hub; only files that are as export wrote them are
/// replaced, all three at once.
public struct HuggingFaceFolder: Sendable {
    /// What was written.
    public struct Written: Codable, Sendable {
        public var path: String
        /// Size of the weights' file.
        public var bytes: Int
        /// Number of uses of the test set, if the card's figures are of it.
        public var testUses: Int?
        /// Whether there is a test set.
        public var hasTest: Bool
        /// What a reader of the card, or a user of the libraries, must know, in a sentence each.
        public var notes: [String]
    }

    private let url: URL
    /// Path as it was given.
    private let given: String
    private var weights: URL { url.appending(path: "model.safetensors") }
    private var config: URL { url.appending(path: "config.json") }
    private var card: URL { url.appending(path: "README.md") }

    /// Checks a place without writing anything. Throws `OutputFileError` for files that would be lost, `FileError`.
    public init(_ url: URL) throws {
        self.url = url.absoluteURL.standardizedFileURL
        given = url.relativePath
        let path = self.url.path
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            guard lstat(path, &facts) != 0 else {
                throw OutputFileError(path: path, reason: "is a link to nothing: choose another name")
            }
            try NewFolder.checkWritable(path)
            return
        }
        guard facts.st_mode & S_IFMT == S_IFDIR else {
            throw OutputFileError(
                path: path, reason: "exists already and is not a folder: choose another name")
        }
        if RunFolder(self.url).hasRecord {
            throw OutputFileError(path: path, reason: "is the folder of a run: choose another name")
        }
        if let kind = ["train", "val", "test"].first(where: {
            FileManager.default.fileExists(atPath: path + "/" + $0)
        }) {
            throw OutputFileError(
                path: path, reason: "holds \(kind)/, as a folder of images does: choose another name")
        }
        try checkFiles()
    }

    /// Throws `OutputFileError` for a file that is not as export wrote it.
    private func checkFiles() throws {
        func require(_ url: URL, _ isUnchanged: Bool) throws {
            guard !isUnchanged else { return }
            throw OutputFileError(
                path: url.path,
                reason: "exists already, and was written or changed by somebody: move it away")
        }
        let manager = FileManager.default
        let hasConfig = manager.fileExists(atPath: config.path)
        if hasConfig { try require(config, SignedText.isUnchanged(json: config)) }
        if manager.fileExists(atPath: card.path) { try require(card, SignedText.isUnchanged(card)) }
        guard hasConfig, manager.fileExists(atPath: weights.path) else {
            return try OutputFile.check(weights, mark: ModelMetadata.mark)
        }
        struct Written: Decodable {
            struct Origin: Decodable { let weights: String }
            let tailor: Origin
        }
        let known = try JSONFile.read(Written.self, from: config).tailor.weights
        try require(weights, ContentHash.sha256(contentsOf: weights) == known)
    }

    /// Writes the run's best weights with what describes them. On failure what was there stays.
    ///
    /// Throws `FolderLockError` where another process writes to the folder, `OutputFileError` and `FileError`.
    public func write(_ trained: TrainedModel) throws -> Written {
        let made = try NewFolder.makeFolders(url.path)
        do {
            let lock = try FolderLock(holding: url)
            defer { lock.unlock() }
            try checkFiles()
            return try writeFiles(trained)
        } catch {
            for folder in made.reversed() { rmdir(folder) }
            throw error
        }
    }

    private func writeFiles(_ trained: TrainedModel) throws -> Written {
        let record = trained.record
        let figures = try Self.figures(trained)
        let tensors = try Safetensors.read(trained.folder.bestWeights).tensors.sorted { $0.key < $1.key }
        // transformers refuses a file that does not say "pt".
        let network = try Safetensors.encode(
            tensors, metadata: ["format": "pt", "writer": ModelMetadata.format])
        let modelCard = ModelCard(
            classes: record.classes, trainCounts: record.dataset.trainCounts,
            validationCount: record.dataset.validationCounts.reduce(0, +), figures: figures,
            preprocessing: record.preprocessing, temperature: trained.temperature,
            weights: record.weights.map { (Self.words(for: $0), $0.licence) },
            isFinished: record.status == .finished)
        let facts = HuggingFaceConfig(
            record, temperature: trained.temperature, weights: try ContentHash.sha256(network))
        try AtomicFile.writeTogether([
            (network, weights), (Data(SignedText.signed(modelCard.markdown()).utf8), card),
            (SignedText.signed(json: JSONFile.encode(facts)), config),
        ])
        var written = Written(
            path: given, bytes: network.count, hasTest: record.dataset.hasTest,
            notes: record.status == .finished ? [] : ["The run did not finish, and the card says so."])
        if case .test(_, let uses) = figures { written.testUses = uses }
        if let range = record.preprocessing.intensityRange {
            written.notes.append(
                "16-bit images were read with samples from \(range.low) to \(range.high) as black to white; timm and "
                    + "transformers do not do that: convert them to 8 bits so before.")
        }
        return written
    }

    private static func words(for weights: WeightsOrigin) -> String {
        switch weights.name {
        case WeightSet.bundled.name: "ImageNet weights that come with Tailor"
        case WeightSet.imagenet.name: "torchvision's ImageNet weights"
        default: "weights of its author's (\(weights.name))"
        }
    }

    private static func figures(_ trained: TrainedModel) throws -> ModelCard.Figures {
        let report = trained.folder.test.appending(path: "metrics.json")
        if FileManager.default.fileExists(atPath: report.path) {
            let test = try JSONFile.read(MetricsReport.self, from: report)
            let uses = try TestLedger(runFolder: trained.folder.url).usesOfTestSet()
            return .test(test, uses: max(test.testUses, uses))
        }
        guard let validation = try trained.record.validationEvaluation(trained.folder) else { return .none }
        return .validation(
            MetricsReport(validation, testUses: 0), testIsSealed: trained.record.dataset.hasTest)
    }
}
