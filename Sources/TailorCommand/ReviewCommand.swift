import Foundation
import Tailor
import TailorArguments
import TailorCommandLine
import TailorSupport

struct ReviewCommand: Command {
    enum Exchange: String, ArgumentValue, CaseIterable {
        case labelStudio = "label-studio"
    }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "review",
            abstract: "Make a page on which somebody decides about doubtful labels, copies and odd images.",
            discussion: """
                The page is one file with everything in it: open it in a browser, decide by key or mouse, export \
                decisions.csv. `train --decisions` uses that directly, `check --apply` makes corrected data of it; no \
                image is ever changed. Given a run folder, its models' answers about images they had not seen come \
                first (train --folds gives them for all images). Beyond 500 suspects there are further pages, \
                NAME-2.html and so on. Test images are not asked about.
                """,
            heading: "Review")
    }

    @Argument(
        name: "data", completion: .folder,
        help:
            "Data folder, or a CSV as split writes it; or a run folder, for the data that it was trained on.")
    var source: String

    @Option(
        short: "o", placeholder: "file", completion: .file("html"),
        shown: "review.html; with --to or --from, none",
        help: "File to write. A page that is there is replaced only if tailor wrote it, anything else never.")
    var output: String?

    @Option(bounds: .atLeast(1), help: "Most suspects; the most doubtful come first.")
    var limit: Int?

    @Option(
        placeholder: "decisions.csv", completion: .file("csv"), shown: "those of the run",
        help: "Begin with earlier decisions, which the page exports again.")
    var decisions: String?

    @Option(
        placeholder: "label-studio",
        help:
            "Write the suspects as tasks with predictions for Label Studio instead of a page, and print the "
            + "labelling interface that goes with them.")
    var to: Exchange?

    @Option(
        placeholder: "url", shown: "/data/local-files/?d=",
        help: "With --to: what comes before a path from DATA to make a URL that Label Studio can open.")
    var imageUrl: String?

    @Option(
        placeholder: "label-studio",
        help: "Turn what was annotated (--annotations) into decisions.csv instead.")
    var from: Exchange?

    @Option(
        placeholder: "file", completion: .file("json"),
        help: "With --from: export of Label Studio in the format JSON.")
    var annotations: String?

    @Flag(
        negatable: true,
        help: "Compare features of the pretrained backbone: doubtful labels, cropped copies, neighbours.")
    var features = true

    @Flag(
        negatable: true,
        help: "Keep measurements in the user's cache folder; unchanged files are not read again.")
    var cache = true

    @Option(
        shown: "0:65535, or the run's", help: "Samples of 16-bit images that become black and white.")
    var intensityRange: IntensityRange?

    @OptionGroup
    var weights: WeightsOptions

    @OptionGroup("Machine")
    var machine: MachineOptions

    @OptionGroup("Messages")
    var out: OutputOptions

    func validate() throws {
        if to != nil, from != nil { throw UsageError("--to and --from: give one of them") }
        guard (from == nil) == (annotations == nil) else {
            throw UsageError("--from and --annotations belong together")
        }
        if imageUrl != nil, to == nil {
            throw UsageError("--image-url says where --to finds images: give --to")
        }
        if to != nil || from != nil, output == nil {
            throw UsageError("--\(to == nil ? "from" : "to") needs --output, the file to write")
        }
        if decisions != nil, to != nil { throw UsageError("--decisions: only a page begins with decisions") }
        let idle = [
            ("--limit", limit != nil), ("--decisions", decisions != nil),
            ("--intensity-range", intensityRange != nil), ("--weights", weights.weights != nil),
            ("--device", machine.device != nil),
        ].filter(\.1).map(\.0)
        guard from == nil || idle.isEmpty else {
            throw UsageError("\(idle.listed()): --from looks at no image")
        }
        let unused = [("--weights", weights.weights != nil), ("--device", machine.device != nil)]
            .filter(\.1).map(\.0)
        guard features || unused.isEmpty else {
            throw UsageError("\(unused.listed()): only features need a network; leave out --no-features")
        }
        for (option, file) in [("--decisions", decisions), ("--annotations", annotations)] {
            guard let file, !FileManager.default.fileExists(atPath: file) else { continue }
            throw UsageError("\(option) \(file): no such file")
        }
    }

    func run() throws {
        let output = URL(fileURLWithPath: output ?? "review.html")
        try OutputFile.check(
            output, mark: to == nil && from == nil ? ReviewPage.generatorMark : nil)
        let run = try ReviewedRun(at: source)
        let root = run?.data ?? URL(fileURLWithPath: source)
        if let annotations { return try convert(annotations, root: root, to: output) }
        let earlier = try decisions.map { try DecisionList(contentsOf: URL(fileURLWithPath: $0)).decisions }
        let machine = try machine.resolve()
        let intensityRange = intensityRange ?? run?.record.preprocessing.intensityRange
        var options = DatasetAudit.Options(
            workers: machine.workers, intensityRange: intensityRange,
            cacheFile: try cache
                ? DatasetAudit.standardCacheFile(for: root, intensityRange: intensityRange) : nil)
        options.fitsLabelHead = run == nil && to == nil
        var backbone: BackboneFeatures?
        let audit = try AuditWork(
            features: features, weights: weights, machine: machine, quiet: out.quiet
        ).audit(root, options: options) { backbone = $0 }
        let answers = try run.map { try RunAnswers($0.folder, record: $0.record, audit: audit) }
        let review = ReviewSuspects(audit, answers: answers?.answers ?? [])
        let suspects = Array(review.suspects.prefix(limit ?? .max))
        if to != nil { return try write(suspects, of: audit, to: output) }
        var writer = ReviewWriter(
            audit, suspects: suspects,
            decisions: try earlier.map { try fitting($0, audit) } ?? run?.record.dataset.decisions?.decisions
                ?? [],
            notes: review.notes + [answers?.note].compactMap { $0 },
            origin: "tailor review, version \(TailorVersion.current)",
            workers: machine.workers)
        let console = PassConsole(quiet: out.quiet)
        // Without a model that can be read the page is as useful without maps.
        do {
            if let network = try network(of: run, or: backbone, under: audit, workers: machine.workers) {
                writer.notes.append(network.note)
                writer.drawHeatMaps(by: network.runner, classes: network.classes) {
                    console.show("heat maps", done: $0, total: suspects.count)
                }
            }
        } catch { Console.warning("no heat maps: \(error)") }
        let files = try writer.write(to: output) { console.show("pictures", done: $0, total: $1) }
        console.finish()
        let document = ReviewDocument(
            suspects: suspects, total: review.suspects.count, files: files.map(\.relativePath),
            data: root.relativePath)
        if out.json { return try Console.json(document) }
        try Console.result(document.text)
    }

    /// What shows where in an image a class is seen: the run's model, else a linear classifier of the features.
    private func network(
        of run: ReviewedRun?, or backbone: BackboneFeatures?, under audit: DatasetAudit, workers: Int
    ) throws -> (runner: ModelRunner, classes: ClassList, note: String)? {
        if let run {
            let trained = try TrainedModel(run.folder, workers: workers)
            return (trained.runner, trained.classes, "Heat maps are of the run's model.")
        }
        guard let head = audit.labelHead, let runner = try backbone?.runner(under: head) else { return nil }
        return (
            runner, ClassList(names: audit.classes),
            "Heat maps are of a linear classifier of the pretrained network's features, fitted to the images whose "
                + "label is not doubtful; nothing has been trained for them."
        )
    }

    /// The decisions that may be carried out on these images; says which may not. Throws where none may.
    private func fitting(_ decisions: [LabelDecision], _ audit: DatasetAudit) throws -> [LabelDecision] {
        let misfits = EarlierDecisions(audit).misfits(decisions)
        guard !misfits.isEmpty else { return decisions }
        let named = misfits.sorted { $0.key < $1.key }.map { "\(decisions[$0.key].path): \($0.value)" }
        let what =
            "\(misfits.count) of \(Format.count(decisions.count, "decision")) \(misfits.count == 1 ? "does" : "do") "
            + "not fit \(audit.report.root.printable)"
        guard misfits.count < decisions.count else {
            throw UsageError("--decisions: \(what): \(named.listed(limit: 3))")
        }
        Console.warning(
            "--decisions: \(what), and \(misfits.count == 1 ? "is" : "are") left out: \(named.listed(limit: 3))"
        )
        return decisions.indices.filter { misfits[$0] == nil }.map { decisions[$0] }
    }

    private func write(_ suspects: [ReviewPage.Suspect], of audit: DatasetAudit, to output: URL) throws {
        func name(_ label: Int?) -> String { label.map { audit.classes[$0] } ?? "" }
        let tasks = suspects.map { suspect in
            LabelStudioTask(
                path: suspect.path, sha256: suspect.sha256, label: name(suspect.label),
                why: suspect.reasons.joined(separator: "; "),
                imageURL: imageUrl ?? LabelStudioTask.localFiles,
                suggestion: suspect.suggestion.map { (name($0), suspect.suggestionProbability) },
                excludes: suspect.suggestsExclusion)
        }
        try JSONFile.write(tasks, to: output)
        let interface = LabelStudioTask.reviewInterface(
            classes: Array(audit.classes.prefix(audit.trainedClassCount)))
        if out.json {
            return try Console.json(
                ["file": output.relativePath, "interface": interface, "tasks": "\(tasks.count)"])
        }
        Console.note("\(Format.count(tasks.count, "task")): \(output.relativePath). Labelling interface:")
        try Console.result(interface)
    }

    private func convert(_ annotations: String, root: URL, to output: URL) throws {
        let export = try LabelStudioExport(
            contentsOf: URL(fileURLWithPath: annotations), of: DatasetFolder.scan(root))
        let list = try DecisionList(export.decisions)
        try list.write(to: output)
        for note in export.notes { Console.note(note) }
        let applied = AppliedDecisions(list.decisions)
        if out.json { return try Console.json(applied) }
        try Console.result(
            "\(Format.count(list.decisions.count, "decision")) (\(applied.summary)): \(output.relativePath)")
    }
}

/// A run whose data is reviewed.
private struct ReviewedRun {
    let folder: RunFolder
    let record: RunRecord
    let data: URL

    /// Nil for what is no run. Throws where the run's data is no longer there.
    init?(at path: String) throws {
        let folder = RunFolder(URL(fileURLWithPath: path))
        guard folder.hasRecord else { return nil }
        self.folder = folder
        record = try RunRecord.read(from: folder)
        data = URL(fileURLWithPath: record.dataset.path)
        guard FileManager.default.fileExists(atPath: data.path) else {
            throw RunWithoutData(run: path, data: record.dataset.path)
        }
    }
}

private struct RunWithoutData: CategorizedError {
    let run: String
    let data: String

    var category: ErrorCategory { .input }
    var description: String {
        "\(run.printable): the run's images are no longer at \(data.printable): put them back, or review the data "
            + "where it is now"
    }
}
