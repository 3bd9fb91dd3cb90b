import Foundation
import Tailor
import TailorArguments
import TailorCommandLine
import TailorSupport

struct TrainCommand: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "train",
            abstract: "Fit a network to DATA and write a run folder. Test images are never opened.",
            discussion: """
                DATA holds train/ and, if you have them, val/ and test/, each with a folder of images a class; or \
                the class folders themselves. Without val/, 20 % of the training images are split off, stratified \
                and by --seed. The defaults under Recipe and Images are those of --recipe standard.
                """,
            heading: "Data and output")
    }

    @Argument(
        completion: .folder,
        help: "Folder with train/ (and val/, test/), or with class folders; or a CSV as split writes it.")
    var data: String

    @Option(
        short: "o", placeholder: "folder", completion: .folder,
        shown: "runs/<name of DATA>, numbered if it exists",
        help: "Run folder. Files that are there already are never written over; --resume continues a run.")
    var output: String?

    @Flag(help: "Continue the run in --output from its checkpoint, to the same result as without the break.")
    var resume = false

    @OptionGroup
    var weights: WeightsOptions

    @Option(help: "Decides the split, the order of images, augmentation and the new head.")
    var seed: UInt64 = 1

    @Option(
        placeholder: "share", bounds: .between(0, 1), shown: "0.2",
        help: "Share of the training images that validates where DATA has no val/.")
    var validationShare: Double?

    @OptionGroup
    var groups: GroupOptions

    @Option(
        placeholder: "decisions.csv", completion: .file("csv"), shown: "with --resume those of the run",
        help:
            "Labels that were decided on, as review exports them: images get their new class or are left out, the "
            + "files stay as they are. Paths count from DATA.")
    var decisions: String?

    @Option(
        placeholder: "file", completion: .file("txt"),
        help:
            "File with paths of images to leave out, one a line, as check --fix writes it. Paths count from DATA."
    )
    var excludeFrom: String?

    @Flag(help: "Refuse to start when any image cannot be read, or an entry of a list names none.")
    var strict = false

    @Flag(help: "Train although many validation images are copies of training images, or of two classes.")
    var allowLeaks = false

    @Option(
        bounds: .within(RecipeLimits.folds),
        help:
            "Then train again without each of N parts of all images in turn, and say how the models answer what they "
            + "did not see: what to expect where there is no test set. Takes N times as long on top.")
    var folds: Int?

    @Flag(
        help: "Write event files for TensorBoard into tensorboard/ of the run folder, while the run goes on.")
    var tensorboard = false

    @OptionGroup("Recipe")
    var recipe: RecipeOptions

    @OptionGroup("Machine")
    var machine: MachineOptions

    @OptionGroup("Machine")
    var memory: MemoryOptions

    @OptionGroup("Messages")
    var out: OutputOptions

    func validate() throws {
        for (option, file) in [("--exclude-from", excludeFrom), ("--decisions", decisions)] {
            guard let file, !FileManager.default.fileExists(atPath: file) else { continue }
            throw UsageError("\(option) \(file): no such file")
        }
        if resume, output == nil { throw UsageError("--resume needs --output, the run to continue") }
    }

    func run() throws {
        var recipe = try recipe.resolve()
        if self.recipe.printRecipe {
            try Console.json(recipe)
            return
        }
        var machine = try machine.resolve()
        let progress = TrainingConsole(quiet: out.quiet)
        let folder = RunFolder(output.map { URL(fileURLWithPath: $0) } ?? freshFolder())
        try folder.checkUsable(resume: resume)
        let wasFinished = resume && (try? RunRecord.read(from: folder))?.status == .finished
        let root = URL(fileURLWithPath: data)
        let scanned = try DatasetFolder.scan(root)
        let forecast = try RunForecast(
            of: scanned, recipe: recipe, machine: machine, weights: try weights.source(), memory: memory,
            validationShare: validationShare, output: folder.url, folds: folds)
        try forecast.apply(to: &recipe, &machine, force: memory.force)
        if !out.quiet { Console.note(forecast.line) }
        let classWeights = recipe
        let data = try TrainingData.prepare(
            root, scanned: scanned,
            options: .init(
                validationShare: validationShare, seed: seed, strict: strict, workers: machine.workers,
                decisions: try decided(in: folder),
                exclusions: try excludeFrom.map { try ExclusionList(contentsOf: URL(fileURLWithPath: $0)) },
                grouping: try groups.source(), cacheBytes: machine.resources.cacheBytes,
                intensityRange: recipe.preprocessing.intensityRange,
                allowsLeaks: allowLeaks,
                checkClasses: { try Self.checkClassWeights(of: classWeights, for: $0) }))
        progress.show(data)
        // What cannot be divided is refused before anything is trained.
        let parts = try folds.map { try data.folds($0, seed: seed) }
        // A checkpoint holds all weights: those that the run began with need not be at hand.
        let continued = resume && weights.weights == nil ? folder.recordOfCheckpoint : nil
        let loaded =
            continued == nil ? try PretrainedWeights.load(try weights.source()) { Console.note($0) } : nil
        // Until here nothing is worth saving: Ctrl-C simply ends the process.
        Interruption.install()
        let tuner = try FineTuner(
            data: data, recipe: recipe, weights: loaded, seed: seed, machine: machine, folder: folder,
            continued: continued)
        tuner.memoryForecast = forecast.forecast.memory
        progress.show(tuner)
        let log = tensorboard ? TensorBoardLog(folder) { Console.warning($0) } : nil
        let record = try tuner.run(
            resume: resume, shouldStop: { Interruption.requested },
            report: { event in
                progress.handle(event)
                log?.handle(event)
            })
        progress.finish()
        if record.status == .finished, !wasFinished { log?.finish(folder) }
        guard record.status == .finished else {
            throw TrainingInterrupted(record, folder: folder.url.relativePath)
        }
        // A page that cannot be written takes no result with it.
        let written = Result {
            // A run that was killed between its end and its page has none.
            if !wasFinished || !FileManager.default.fileExists(atPath: folder.report.path) {
                try RunReport.write(for: folder)
            }
        }
        guard let parts else {
            try show(record, folder: folder)
            return try written.get()
        }
        // It will be written again, with what the folds say.
        if case .failure(let error) = written { Console.warning("\(error)") }
        let source = try loaded ?? PretrainedWeights.load(try weights.source()) { Console.note($0) }
        let (planned, spent) = (recipe, machine)
        let judged = try CrossValidation.run(parts, of: folder, machine: machine) { data, part in
            let goesOn = part.hasRecord
            let tuner = try FineTuner(
                data: data, recipe: planned, weights: source, seed: seed, machine: spent, folder: part)
            let record = try tuner.run(
                resume: goesOn, shouldStop: { Interruption.requested }, report: progress.handle)
            progress.finish()
            return record
        } report: {
            Console.note($0)
        }
        guard judged.crossValidation?.folds == folds else {
            throw TrainingInterrupted(within: "the cross-validation", folder: folder.url.relativePath)
        }
        let judgedWritten = Result { try RunReport.write(for: folder) }
        try show(judged, folder: folder)
        try judgedWritten.get()
    }

    /// Decisions that were given, or those of the run to go on with.
    private func decided(in folder: RunFolder) throws -> DecisionList? {
        if let decisions { return try DecisionList(contentsOf: URL(fileURLWithPath: decisions)) }
        guard resume, folder.hasRecord else { return nil }
        return try RunRecord.read(from: folder).dataset.decisions.map { try DecisionList($0.decisions) }
    }

    private static func checkClassWeights(of recipe: Recipe, for classes: ClassList) throws {
        do {
            _ = try recipe.imbalance.weights(of: classes)
        } catch ClassWeightsError.unknownClass(let name, let known) {
            try NamedClass.check(name, option: "--class-weights", among: known)
        }
    }

    /// `runs/<data>`, `runs/<data>-2`, …: the first that does not exist.
    private func freshFolder() -> URL {
        let source = URL(fileURLWithPath: data).standardizedFileURL
        let name = (source.pathExtension == "csv" ? source.deletingPathExtension() : source).lastPathComponent
        let runs = URL(fileURLWithPath: "runs")
        var number = 1
        var url = runs.appending(path: name)
        while FileManager.default.fileExists(atPath: url.path) {
            number += 1
            url = runs.appending(path: "\(name)-\(number)")
        }
        return url
    }

    private static func name(of best: RunRecord.BestEpoch) -> String {
        switch best.phase {
        case EpochRecord.probePhase: "linear probe"
        case EpochRecord.soupPhase: "averaged weights"
        default: "epoch \(best.epoch)"
        }
    }

    private func show(_ record: RunRecord, folder: RunFolder) throws {
        if out.json {
            try Console.json(record)
            return
        }
        guard let best = record.best else { return }
        let path = folder.url.relativePath.quotedForShell
        try Console.result(
            String(
                format: "Best on validation: macro-F1 %.3f, accuracy %.3f (%@, %@).", best.validationMacroF1,
                best.validationAccuracy, Self.name(of: best),
                Format.duration(record.seconds ?? 0)))
        if let spread = record.seeds?.spread {
            try Console.result(
                String(
                    format:
                        "%d seeds at these rates: macro-F1 %.3f on average (95 %% interval %.3f to %.3f), "
                        + "standard deviation %.3f.", spread.count, spread.mean,
                    spread.interval.lowerBound, spread.interval.upperBound,
                    spread.standardDeviation))
        }
        if let judged = record.crossValidation {
            try Console.result(
                String(
                    format:
                        "%d folds: macro-F1 %.3f (%.3f to %.3f), accuracy %.3f on images that the models had not "
                        + "seen: expect this on new ones of the same kind.", judged.folds, judged.macroF1,
                    judged.macroF1Low, judged.macroF1High, judged.accuracy))
        }
        if let selection = record.selection, selection.candidates > 1, selection.optimism >= 0.0005 {
            try Console.result(
                String(
                    format:
                        "The best of %d results flatters: on other images expect a macro-F1 of about %.3f.",
                    selection.candidates, selection.corrected))
        }
        try Console.result("Run folder: \(path) (open \(path)/report.html)")
        if record.dataset.hasTest {
            try Console.result("Next: tailor export \(path)   (one int8 file, checked on validation images)")
            try Console.result(
                "      tailor evaluate \(path) --model \(path)/model.onnx   (opens the test images, once)")
        } else {
            try Console.result(
                "There is no test/ folder: validation figures picked the model and flatter it.")
        }
    }
}

/// Ctrl-C, once: nothing is lost that was reached.
private struct TrainingInterrupted: CategorizedError {
    private let reached: String
    private let folder: String

    init(_ record: RunRecord, folder: String) {
        reached =
            record.best == nil
            ? "before the first result; nothing is saved yet. Start over"
            : "after epoch \(record.epochsRun); saved. Continue"
        self.folder = folder
    }

    init(within part: String, folder: String) {
        reached = "within \(part); what it has done is saved. Continue"
        self.folder = folder
    }

    var category: ErrorCategory { .work }

    var description: String {
        "interrupted \(reached) with the same command and --resume --output \(folder.quotedForShell)"
    }
}
