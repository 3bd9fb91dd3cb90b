import Foundation
import Tailor
import TailorArguments
import TailorCommandLine
import TailorSupport

struct SplitCommand: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "split",
            abstract: "Divide images into train/, val/ and test/, class by class and group by group.",
            discussion: """
                SOURCE is a folder with a folder of images a class, a CSV of path,label[,group], whose column \
                split, if it has one, is followed, or, with --annotations, a folder of images of which each annotated box becomes a small image. DEST must be \
                new or empty; the images in SOURCE stay as they are.

                  tailor split photos data
                  tailor split photos data --group-by '(part-[0-9]+)'
                  tailor split photos data --features
                  tailor split labels.csv data --mode copy
                  tailor split photos data --annotations annotations/
                  tailor split data whole --keep-splits

                Images of one group (the same part, the same day, the same picture) never end up on both sides: \
                else the test would measure what the model remembers. A folder that has train/ and val/ already \
                gets the test set that is missing with --keep-splits, or is divided anew with --merge.
                """)
    }

    @Argument(
        completion: .file("csv"),
        help: "Folder of class folders, a CSV, or the folder of the annotated images.")
    var source: String

    @Argument(
        completion: .folder,
        help: "New folder, or with --mode manifest a new .csv file, which check, train and evaluate read.")
    var dest: String

    @OptionGroup("Division")
    var division: SplitOptions

    @Flag(
        help: """
            For that look compare features of the pretrained backbone, too: parts of a picture, and other exposures \
            of a part, stay on one side.
            """)
    var features = false

    @OptionGroup
    var weights: WeightsOptions

    @OptionGroup("Annotations")
    var boxes: BoxOptions

    @OptionGroup("Machine")
    var machine: MachineOptions

    @OptionGroup("Messages")
    var out: OutputOptions

    func validate() throws {
        if !boxes.annotations.isEmpty, division.existing != nil {
            throw UsageError(
                "--keep-splits, --merge: boxes of --annotations are in no split yet, leave it out")
        }
        if !boxes.annotations.isEmpty, let mode = division.mode, mode != .copy {
            throw UsageError("--mode \(mode.rawValue): boxes are cut out into new files, leave it out")
        }
        try checkIntensityRange()
        if features, !division.nearDuplicates {
            throw UsageError(
                "--features: it serves the look for copies, which --no-near-duplicates leaves out")
        }
        let idle = [
            ("--weights", weights.weights != nil), ("--device", machine.device != nil),
            ("--threads", machine.computing.threads != nil),
        ].filter(\.1).map(\.0)
        guard features || idle.isEmpty else {
            throw UsageError("\(idle.listed()): only --features needs a network")
        }
    }

    private func checkIntensityRange() throws {
        if division.intensityRange != nil, boxes.annotations.isEmpty, !division.nearDuplicates {
            throw UsageError("--intensity-range: without crops and the look for copies no image is decoded")
        }
    }

    func run() throws {
        let url = URL(fileURLWithPath: source)
        let destination = try SplitDestination(
            URL(fileURLWithPath: dest), mode: boxes.annotations.isEmpty ? division.mode ?? .link : .copy,
            source: url)
        let groups = try division.groups.source()
        var images: SplitSource
        let renaming = try ClassRenaming(division.rename)
        if !boxes.annotations.isEmpty {
            images = try SplitSource.annotated(
                images: url, annotations: boxes.annotations.map { URL(fileURLWithPath: $0) },
                cropping: boxes.cropping(division.intensityRange),
                groups: groups, renaming: renaming, skipsProblems: division.skipProblems)
        } else {
            images = try SplitSource.open(
                url, existing: division.existing, groups: groups, renaming: renaming,
                skipsProblems: division.skipProblems)
        }
        let planner = try division.planner(for: images)
        let inseparable = try division.nearDuplicates ? look(images) : nil
        if let inseparable { images = inseparable.source }
        let plan = try planner.plan(
            images.items, classes: images.classes, together: inseparable?.sets ?? [])
        let writer = try SplitWriter(source: images, plan: plan, destination: destination)
        // Until here nothing is worth taking back: Ctrl-C simply ends the process.
        Interruption.install()
        let progress = SplitProgress(quiet: out.quiet)
        let summary = try writer.write(
            shouldStop: { Interruption.requested }, progress: { progress.update($0, of: $1) })
        progress.finish()
        for warning in summary.warnings { Console.warning(warning) }
        if out.json {
            try Console.json(summary)
        } else {
            if !out.quiet { for note in summary.notes { Console.note(note) } }
            try Console.result(
                SplitText.describe(
                    summary, source: source, destination: dest,
                    // Crops are scaled already.
                    intensityRange: boxes.annotations.isEmpty ? division.intensityRange : nil))
        }
    }
}

extension SplitCommand {
    private func look(_ source: SplitSource) throws -> InseparableImages {
        let work = AuditWork(
            features: features, weights: weights,
            // Without features libtorch is not asked for anything.
            machine: features
                ? try machine.resolve()
                : FineTuner.Machine(device: .cpu, workers: machine.workers ?? ProcessorCount.available),
            quiet: out.quiet)
        let found = try work.inseparable(
            source, skipsProblems: division.skipProblems, intensityRange: division.intensityRange)
        for warning in found.warnings { Console.warning(warning) }
        if !out.quiet, !source.isDivided, let note = found.note { Console.note(note) }
        return found
    }
}

/// A bar that the writing threads move, one at a time.
private final class SplitProgress: @unchecked Sendable {
    // `@unchecked`: the writer makes one call at a time, and `finish` comes after the last.
    private var bar: ProgressBar?
    private let quiet: Bool

    init(quiet: Bool) { self.quiet = quiet }

    func update(_ done: Int, of total: Int) {
        guard !quiet else { return }
        if bar == nil { bar = ProgressBar("writing", total: total) }
        bar?.update(completed: done)
    }

    func finish() { bar = nil }
}
