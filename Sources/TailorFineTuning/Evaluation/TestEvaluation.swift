import Foundation
import TailorAudit
import TailorDatasets
import TailorEvaluation
import TailorSupport

/// The one use of the test set that a run is entitled to.
public struct TestEvaluation {
    public let evaluation: ModelEvaluation
    /// Number of times the test set has been used with this run, this time included.
    public let testUses: Int
    public let samples: [Sample]
    public let warnings: [String]
    /// The exported model on the same images, where one was asked for.
    public let exported: ExportedEvaluation?

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
        /// Refuse a second use.
        public var strict: Bool
        /// The command line, for the ledger.
        public var command: [String]
        /// Test the best model so far of a run that did not finish.
        public var allowsUnfinished: Bool
        /// Tested beside the trained model.
        public var exported: ExportedModel?

        public init(
            dataset: URL? = nil, strict: Bool = false, allowsUnfinished: Bool = false, command: [String] = [],
            exported: ExportedModel? = nil
        ) {
            self.dataset = dataset
            self.strict = strict
            self.allowsUnfinished = allowsUnfinished
            self.command = command
            self.exported = exported
        }
    }

    /// Opens the test images, classifies them, enters the use in the ledger and only then writes `test/`.
    ///
    /// Throws ``RunError/notFinished(_:status:)`` for a run that may still find a better model,
    /// `TestSetAlreadyUsed` under `strict`, dataset errors when there is no test set or a file in it
    /// cannot be read: leaving test images out would change the question. Throws ``TestOverlapsTraining`` when
    /// a test image, whatever its name, was used in training.
    public static func run(
        _ trained: TrainedModel, options: Options, report: @escaping (TrainingEvent) -> Void = { _ in }
    ) throws -> TestEvaluation {
        guard trained.record.status == .finished || options.allowsUnfinished else {
            throw RunError.notFinished(trained.folder.url.relativePath, status: trained.record.status)
        }
        let ledger = TestLedger(runFolder: trained.folder.url)
        if options.strict { try ledger.refuseIfUsed() }
        let root = options.dataset ?? URL(fileURLWithPath: trained.record.dataset.path)
        let test = try DatasetFolder.scanTest(root, classes: trained.classes)
        // Every file must be readable: leaving test images out would change the question.
        let runner = trained.runner.caching()
        let images = try FileScreening(
            [(.test, test.samples)], problems: test.problems,
            options: FileScreening.Options(
                strict: true, workers: runner.workers, intensityRange: runner.preprocessing.intensityRange),
            cache: runner.cache
        ).images
        let samples = images.map(\.sample)
        // Before anything is classified: a refused test is no use of the test set.
        let overlap = try overlap(of: images, withFileList: trained.folder.datasetFiles)
        guard overlap.isEmpty else { throw TestOverlapsTraining(pairs: overlap, testImages: samples.count) }
        let logits = try runner.logits(samples) {
            report(.pass(name: "test", done: $0, total: samples.count))
        }
        let evaluation = try ModelEvaluation(
            logits: logits, labels: samples.map(\.label), classes: trained.record.classes,
            temperature: trained.temperature)
        let exported = try options.exported.map { model in
            ExportedEvaluation(
                name: model.name,
                evaluation: try ModelEvaluation(
                    logits: model.logits(samples.map(\.url)), labels: samples.map(\.label),
                    classes: trained.record.classes, temperature: model.temperature),
                beside: evaluation)
        }
        var metrics = [
            "accuracy": evaluation.metrics.accuracy, "macro_f1": evaluation.metrics.macroF1,
            "n": Double(samples.count),
        ]
        if let exported {
            metrics["exported_accuracy"] = exported.evaluation.metrics.accuracy
            metrics["exported_macro_f1"] = exported.evaluation.metrics.macroF1
        }
        let uses = try ledger.append(
            TestLedger.Entry(
                command: options.command, datasetFingerprint: trained.record.dataset.fingerprint,
                testFingerprint: try DatasetFingerprint.digest(of: images, split: "test").sha256,
                checkpoint: try ContentHash.sha256(contentsOf: trained.folder.bestWeights),
                exported: options.exported?.sha256, metrics: metrics), onlyIfUnused: options.strict)
        try EvaluationTables.write(
            evaluation, paths: samples.map(\.relativePath), testUses: uses, to: trained.folder.test)
        if let exported {
            try EvaluationTables.write(
                exported.evaluation, paths: samples.map(\.relativePath), testUses: uses,
                to: trained.folder.exportedTest)
        }
        return TestEvaluation(
            evaluation: evaluation, testUses: uses, samples: samples,
            warnings: test.warnings + evaluation.cautions + [options.exported?.rule].compactMap { $0 },
            exported: exported)
    }

    /// Test images with the bytes or the pixels of a training or validation image, from `dataset.csv`.
    private static func overlap(
        of images: [ScreenedImage], withFileList url: URL
    ) throws -> [TestOverlapsTraining.Pair] {
        guard FileManager.default.fileExists(atPath: url.path) else { return [] }
        var pathByHash: [String: String] = [:]
        for row in try CSV.parse(String(contentsOf: url, encoding: .utf8)).dropFirst() where row.count >= 4 {
            // Runs of earlier versions recorded no hash of the pixels.
            for hash in row[3...].prefix(2) { pathByHash[hash] = row[1] }
        }
        return images.compactMap { image in
            (pathByHash[image.measurement.sha256] ?? pathByHash[image.measurement.pixelHash]).map {
                .init(test: image.path, training: $0)
            }
        }
    }
}

/// A test set that holds images the model was trained or chosen on: its result would be no test result.
public struct TestOverlapsTraining: CategorizedError, Equatable, Sendable {
    public struct Pair: Equatable, Sendable {
        public let test: String
        public let training: String
    }

    public let pairs: [Pair]
    public let testImages: Int

    public var category: ErrorCategory { .gate }

    public var description: String {
        let shown = pairs.prefix(5).map { "\n  \($0.test.printable) = \($0.training.printable)" }.joined()
        let more = pairs.count > 5 ? "\n  and \(pairs.count - 5) more" : ""
        return
            "\(pairs.count) of \(testImages) test images were also used in training (same content): expected "
            + "images that the model never saw. Nothing was tested. Take them out of the test folder:"
            + shown + more
    }
}
