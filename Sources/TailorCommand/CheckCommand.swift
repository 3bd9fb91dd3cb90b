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
                and lists what it finds, the worst first. Nothing is changed. Exit code 3 when an error was found.
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
        let unused = [("--weights", weights.weights != nil), ("--device", machine.device != nil)]
            .filter(\.1).map(\.0)
        guard features || unused.isEmpty else {
            throw UsageError("\(unused.listed()): only features need a network; leave out --no-features")
        }
    }

    /// Whether `--fix` names a list, not a folder.
    private var fixesByList: Bool { fix?.lowercased().hasSuffix(".txt") == true }

    /// Refuses what is not to be written over before any image is read.
    private func checkOutputs() throws {
        if let report { try OutputFile.check(URL(fileURLWithPath: report), mark: CheckPage.generatorMark) }
        guard let fix else { return }
        let url = URL(fileURLWithPath: fix)
        if fixesByList {
            try OutputFile.check(url, mark: ExclusionList.mark)
        } else {
            try DatasetAudit.checkCleanedCopy(to: url)
        }
    }

    func run() throws {
        try checkOutputs()
        let machine = try machine.resolve()
        let root = URL(fileURLWithPath: data)
        let options = DatasetAudit.Options(
            augmentation: augment?.value ?? .standard, imageSize: imageSize,
            grouping: try groups.source(), workers: machine.workers, intensityRange: intensityRange,
            cacheFile: try cache
                ? DatasetAudit.standardCacheFile(for: root, intensityRange: intensityRange) : nil)
        let console = PassConsole(quiet: out.quiet)
        let audit: DatasetAudit
        if features {
            let source = try weights.source()
            audit = try DatasetAudit(
                root, options: options,
                weights: {
                    console.finish()
                    return try PretrainedWeights.load(source) { if !out.quiet { Console.note($0) } }
                }, machine: machine,
                progress: { console.show($0.step, done: $0.done, total: $0.total) })
        } else {
            audit = try DatasetAudit(
                root, options: options, progress: { console.show($0.step, done: $0.done, total: $0.total) })
        }
        console.finish()
        // Findings first: they are shown, whatever becomes of the files.
        if out.json {
            try Console.json(audit.report)
        } else {
            try Console.document(CheckText(audit.report, terminal: .standardOutput()).render() + "\n")
        }
        try write(audit, options: options)
        if audit.report.count(.error) > 0 { throw ExitCode(.gate) }
    }

    private func write(_ audit: DatasetAudit, options: DatasetAudit.Options) throws {
        if let report {
            let page = CheckPage(
                audit, augmentation: options.augmentation, imageSize: imageSize,
                origin: "tailor check, version \(TailorVersion.current)")
            try AtomicFile.write(Data(page.html().utf8), to: URL(fileURLWithPath: report))
            if !out.quiet { Console.note("Report: \(report)") }
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
