import Foundation
import TailorAudit
import TailorDatasets
import TailorEvaluation
import TailorSupport

/// The one use of a test set that an honest result is entitled to.
public struct TestEvaluation {
    public let evaluation: ModelEvaluation
    /// Number of times the test set has been used, with whichever run, this time included.
    public let testUses: Int
    /// Uses among them with other models.
    public let usesWithOthers: Int
    public let samples: [Sample]
    public let leftOut: LeftOutImages
    public let warnings: [String]
    /// The exported model on the same images, where one was asked for.
    public let exported: ExportedEvaluation?
    /// Why the files in `test/` could not be written; nil if they were.
    public let unwritten: (any Error)?

    /// Images of a test that are left when those that training has seen are left out.
    private struct TestImages {
        let images: [ScreenedImage]
        let set: TestSet
        let leftOut: LeftOutImages
        let warnings: [String]
        let notes: [String]
    }

    /// Opens the test images, classifies them, enters the use in the ledger and only then writes `test/`.
    ///
    /// Images that training has seen, whatever their name, encoding or size, are left out and named. Throws
    /// ``TestOverlapsTraining`` when they are many, ``RunError/notFinished(_:status:)`` for a run that may still
    /// find a better model, dataset errors when there is no test set or a file in it cannot be read: leaving
    /// these out unasked would change the question. Under `strict` also `TestSetAlreadyUsed`,
    /// `TestUsesUnknown` and ``TestOverlapUnknown``.
    public static func run(
        _ trained: TrainedModel, options: Options, report: @escaping (TrainingEvent) -> Void = { _ in }
    ) throws -> TestEvaluation {
        guard trained.record.status == .finished || options.allowsUnfinished else {
            throw RunError.notFinished(trained.folder.url.relativePath, status: trained.record.status)
        }
        let folder = trained.folder
        let runner = trained.runner.caching()
        // Before anything is classified: a refused test is no use of the test set.
        let test = try images(for: trained, runner: runner, options: options)
        for note in test.notes { report(.note(note)) }
        let ledger = TestLedger(runFolder: folder.url, stateFolder: options.stateFolder)
        let checkpoint = try ContentHash.sha256(contentsOf: folder.bestWeights)
        _ = try ledger.history(of: test.set, checkpoint: checkpoint, strict: options.strict)
        let samples = test.images.map(\.sample)
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
        let history = try ledger.append(
            TestLedger.Entry(
                command: options.command, datasetFingerprint: trained.record.dataset.fingerprint,
                testFingerprint: try DatasetFingerprint.digest(of: test.images, split: "test").sha256,
                checkpoint: checkpoint, exported: options.exported?.sha256,
                metrics: headline(evaluation, exported)), of: test.set, strict: options.strict)
        let uses = history.uses + 1
        let (paths, counts) = (samples.map(\.relativePath), test.leftOut.counts)
        // The use is counted, so that its result must reach whoever asked.
        var unwritten: (any Error)?
        do {
            try EvaluationTables.write(
                evaluation, paths: paths, testUses: uses, leftOut: counts, to: folder.test)
            if let exported {
                try EvaluationTables.write(
                    exported.evaluation, paths: paths, testUses: uses, leftOut: counts,
                    to: folder.exportedTest)
            }
            try test.leftOut.write(to: folder.leftOutOfTest)
        } catch {
            unwritten = error
        }
        return TestEvaluation(
            evaluation: evaluation, testUses: uses, usesWithOthers: history.usesWithOthers, samples: samples,
            leftOut: test.leftOut,
            warnings: test.warnings + history.warnings + evaluation.cautions
                + [options.exported?.rule].compactMap { $0 },
            exported: exported, unwritten: unwritten)
    }

    /// Headline metrics for the ledger.
    private static func headline(
        _ evaluation: ModelEvaluation, _ exported: ExportedEvaluation?
    ) -> [String: Double] {
        var metrics = [
            "accuracy": evaluation.metrics.accuracy, "macro_f1": evaluation.metrics.macroF1,
            "n": Double(evaluation.metrics.n),
        ]
        if let exported {
            metrics["exported_accuracy"] = exported.evaluation.metrics.accuracy
            metrics["exported_macro_f1"] = exported.evaluation.metrics.macroF1
        }
        return metrics
    }

    /// Reads the test images and takes out those that training has seen.
    private static func images(
        for trained: TrainedModel, runner: ModelRunner, options: Options
    ) throws -> TestImages {
        let root = options.dataset ?? URL(fileURLWithPath: trained.record.dataset.path)
        let test = try DatasetFolder.scanTest(
            root, classes: trained.classes, excluding: options.exclusions, strict: options.strict)
        // Every file must be readable: leaving test images out would change the question.
        let images = try FileScreening(
            [(.test, test.samples)], problems: test.problems,
            options: FileScreening.Options(
                unreadableShare: 0, strict: options.strict, workers: runner.workers,
                intensityRange: runner.preprocessing.intensityRange), cache: runner.cache
        ).images
        let overlap = try TrainingOverlap(of: images, with: trained)
        if let reason = overlap.unknown, options.strict { throw TestOverlapUnknown(reason: reason) }
        let seen = overlap.matches.compactMap { $0 }
        let tolerated = options.strict ? 0 : TestOverlapsTraining.tolerance * Double(images.count)
        guard seen.isEmpty || Double(seen.count) <= tolerated else {
            throw TestOverlapsTraining(pairs: seen, testImages: images.count, strict: options.strict)
        }
        let kept = zip(images, overlap.matches).filter { $1 == nil }.map(\.0)
        let leftOut = LeftOutImages(seen: seen, listed: test.excluded)
        return TestImages(
            images: kept,
            set: try TestSet(
                kept.map { image in
                    TestSet.Image(
                        path: image.path, label: trained.record.classes[image.label],
                        sha256: image.measurement.sha256, pixels: image.measurement.pixelHash,
                        bytes: image.measurement.fileBytes)
                }),
            leftOut: leftOut,
            warnings: test.warnings
                + [overlap.unknown.map(TestOverlapUnknown.summary), overlap.note].compactMap { $0 }
                + contradictions(kept)
                + leftOut.warnings(of: images.count, fullList: trained.folder.leftOutOfTest),
            notes: test.notes + siblingsNote(overlap.siblings))
    }

    private static func siblingsNote(_ siblings: [TestOverlapsTraining.Pair]) -> [String] {
        guard let first = siblings.first else { return [] }
        return [
            "\(counted(siblings.count, "test image")) \(siblings.count == 1 ? "seems" : "seem") to show the subject of a "
                + "training image (\(first.test.printable), \(first.training.printable)): tested all the same; "
                + "tailor check names them"
        ]
    }

    /// Warns of one image under two classes, of which at least one answer is wrong whatever the model says.
    private static func contradictions(_ images: [ScreenedImage]) -> [String] {
        let byPixels = Dictionary(grouping: images, by: \.measurement.pixelHash)
        let contradicting = byPixels.values.filter { Set($0.map(\.label)).count > 1 }
            .map { $0.sorted { $0.path < $1.path } }.sorted { $0[0].path < $1[0].path }
        guard let first = contradicting.first else { return [] }
        return [
            "\(counted(contradicting.count, "test image")) \(contradicting.count == 1 ? "lies" : "lie") in several "
                + "classes, so that one answer is wrong whatever the model says: "
                + first.prefix(3).map(\.path.printable).joined(separator: " = ")
        ]
    }
}
