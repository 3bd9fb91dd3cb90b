import Foundation
import Tailor
import TailorArguments
import TailorCommandLine
import TailorSupport

struct CheckCommand: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "check",
            abstract: "Find what would spoil training on DATA, or make its result a lie.",
            discussion: """
                Opens every image of train/, val/ and test/ (test images for faults of files and for copies only) \
                and lists what it finds, the worst first. Nothing is changed. Exit code 3 when an error was found. \
                With --apply it looks for nothing, and writes data with the decisions of a review carried out.
                """,
            heading: "Findings")
    }

    @Argument(
        completion: .folder,
        help: "Folder with train/, val/ and test/, or with class folders; or a CSV as split writes it.")
    var data: String

    @Option(
        placeholder: "file", completion: .file("html"),
        help:
            "Write a page with pictures of every finding; a file that is there is replaced only if tailor "
            + "wrote it."
    )
    var report: String?

    @Option(
        placeholder: "path", completion: .file("txt"),
        help:
            "Write what can be mended without judgement: to NAME.txt, the list of files to leave out (train "
            + "--exclude-from takes it), also over an earlier list; to any other new name, a copy of the "
            + "data without them.")
    var fix: String?

    @Option(
        placeholder: "file", completion: .file("csv"),
        help:
            "Write what the labels are judged by as a CSV: the class probabilities of every training and validation "
            + "image by a classifier that has not seen it.")
    var probabilities: String?

    @Option(
        placeholder: "decisions.csv", completion: .file("csv"),
        help:
            "Carry out what a review decided, and nothing else: --output gets the corrected data. A decision that does "
            + "not fit (a changed file, another label, a test image) is refused by name.")
    var apply: String?

    @Option(
        short: "o", placeholder: "path", completion: .file("csv"),
        help:
            "With --apply: NAME.csv, a list of the same files with their new classes, or a new folder, a corrected copy. "
            + "Never replaces anything.")
    var output: String?

    @OptionGroup
    var groups: GroupOptions

    @Flag(
        negatable: true,
        help: "Compare features of the pretrained backbone: cropped copies, doubtful labels.")
    var features = true

    @Flag(
        negatable: true,
        help: "Keep measurements in the user's cache folder; unchanged files are not read again.")
    var cache = true

    @Option(
        placeholder: "pixels", bounds: .within(RecipeLimits.imageSize),
        help: "Side of the image that training would use.")
    var imageSize = Recipe.standard.preprocessing.imageSize

    @Option(shown: "0:65535", help: "Samples of 16-bit images that training would take for black and white.")
    var intensityRange: IntensityRange?

    @Option(shown: "standard", help: "The augmentation that training would use.")
    var augment: NamedAugmentation?

    @OptionGroup
    var weights: WeightsOptions

    @OptionGroup("Machine")
    var machine: MachineOptions

    @OptionGroup("Messages")
    var out: OutputOptions

    func validate() throws {
        guard (apply == nil) == (output == nil) else {
            throw UsageError(
                apply == nil
                    ? "--output is for --apply; --report and --fix name what a check writes"
                    : "--apply needs --output, a new NAME.csv or folder for the corrected data")
        }
        if let apply {
            let idle = [
                ("--fix", fix != nil), ("--report", report != nil), ("--probabilities", probabilities != nil),
                ("--group-by", groups.groupBy != nil),
                ("--augment", augment != nil), ("--intensity-range", intensityRange != nil),
                ("--weights", weights.weights != nil), ("--device", machine.device != nil),
            ].filter(\.1).map(\.0)
            guard idle.isEmpty else {
                throw UsageError("\(idle.listed()): --apply looks for nothing; check what it has written")
            }
            guard FileManager.default.fileExists(atPath: apply) else {
                throw UsageError("--apply \(apply): no such file")
            }
        }
        let unused = [
            ("--weights", weights.weights != nil), ("--device", machine.device != nil),
            ("--probabilities", probabilities != nil),
        ].filter(\.1).map(\.0)
        guard features || unused.isEmpty else {
            throw UsageError("\(unused.listed()): only features need a network; leave out --no-features")
        }
    }

    /// Whether `--fix` names a list, not a folder.
    private var fixesByList: Bool { fix?.lowercased().hasSuffix(".txt") == true }

    /// Refuses what is not to be written over before any image is read.
    private func checkOutputs() throws {
        let outputs = [("--report", report), ("--probabilities", probabilities), ("--fix", fix)]
            .compactMap { name, path in
                path.map {
                    (name, URL(fileURLWithPath: $0).standardizedFileURL.resolvingSymlinksInPath().path)
                }
            }
        for (index, output) in outputs.enumerated() {
            if let other = outputs[..<index].first(where: { PathKey($0.1) == PathKey(output.1) }) {
                throw UsageError("\(other.0), \(output.0): both name \(output.1); choose two names")
            }
        }
        if let report { try OutputFile.check(URL(fileURLWithPath: report), mark: CheckPage.generatorMark) }
        if let probabilities {
            try OutputFile.check(URL(fileURLWithPath: probabilities), mark: EvaluationTables.predictionMark)
        }
        guard let fix else { return }
        let url = URL(fileURLWithPath: fix)
        if fixesByList {
            try ExclusionList.checkReplaceable(url)
        } else {
            try DatasetAudit.checkCleanedCopy(to: url, of: URL(fileURLWithPath: data))
        }
    }

    func run() throws {
        if let apply, let output { return try self.apply(apply, to: output) }
        try checkOutputs()
        let machine = try machine.resolve()
        let root = URL(fileURLWithPath: data)
        let options = DatasetAudit.Options(
            augmentation: augment?.value ?? .standard, imageSize: imageSize,
            grouping: try groups.source(), workers: machine.workers, intensityRange: intensityRange,
            cacheFile: try cache
                ? DatasetAudit.standardCacheFile(for: root, intensityRange: intensityRange) : nil)
        let audit = try AuditWork(
            features: features, weights: weights, machine: machine, quiet: out.quiet
        ).audit(root, options: options)
        // Findings first: they are shown, whatever becomes of the files.
        if out.json {
            try Console.json(audit.report)
        } else {
            try Console.document(CheckText(audit.report, terminal: .standardOutput()).render() + "\n")
        }
        try write(audit, options: options)
        if audit.report.count(.error) > 0 { throw ExitCode(.gate) }
    }

    private func apply(_ decisions: String, to output: String) throws {
        let source = URL(fileURLWithPath: data)
        let corrected = try CorrectedDataset(
            source, decisions: try DecisionList(contentsOf: URL(fileURLWithPath: decisions)),
            destination: SplitDestination(
                URL(fileURLWithPath: output),
                mode: output.lowercased().hasSuffix(".csv") ? .manifest : .copy, source: source))
        let console = PassConsole(quiet: out.quiet)
        try corrected.write { console.show("copying", done: $0, total: $1) }
        console.finish()
        let summary = corrected.summary
        if out.json { return try Console.json(summary) }
        for note in summary.notes { Console.note(note) }
        for renaming in summary.renamed {
            Console.note(
                "\(renaming.path.printable) is \(renaming.newPath.printable): the class has a file of that name"
            )
        }
        try Console.result("\(summary.decisions.summary): \(output.printable)")
        try Console.result(
            "\(Format.count(summary.train)) train, \(Format.count(summary.validation)) val, "
                + "\(Format.count(summary.test)) test (as they were). The originals are unchanged.")
    }

    private func write(_ audit: DatasetAudit, options: DatasetAudit.Options) throws {
        if let report {
            let page = CheckPage(
                audit, augmentation: options.augmentation, imageSize: imageSize,
                origin: "tailor check, version \(TailorVersion.current)")
            try AtomicFile.write(Data(page.html().utf8), to: URL(fileURLWithPath: report))
            if !out.quiet { Console.note("Report: \(report)") }
        }
        if let probabilities {
            try EvaluationTables.writePredictions(
                audit.labelAnswers, classes: audit.classes, to: URL(fileURLWithPath: probabilities))
            if !out.quiet { Console.note("Probabilities: \(probabilities)") }
        }
        if let fix {
            let exclusions = audit.report.exclusions
            if fixesByList {
                try ExclusionList(exclusions).write(to: URL(fileURLWithPath: fix))
                Console.note("\(Format.count(exclusions.count, "file")) to leave out: \(fix)")
            } else {
                let count = try audit.writeCleanedCopy(to: URL(fileURLWithPath: fix))
                Console.note(
                    "\(Format.count(count, "file")) copied, \(Format.count(exclusions.count)) left out: \(fix)"
                )
            }
        }
    }
}
