import Foundation
import TailorArguments
import TailorEvaluation
import TailorImages
import TailorInference
import TailorSupport

/// Arguments that `predict` has in every program, and what it does with a model file.
package struct PredictionOptions: ArgumentGroup {
    @Argument(completion: .file(), help: "Images, or folders that are searched for images.")
    package var images: [String]

    @Option(
        help:
            "What is printed: a table, or for programs; jsonl is an object a line, labelstudio tasks to import, with "
            + "the labelling interface among the messages.")
    package var format = PredictionFormat.text

    @Option(
        placeholder: "url", shown: LabelStudioTask.localFiles,
        help:
            "With --format labelstudio: what comes before an image's path to make a URL that Label Studio can open."
    )
    package var imageUrl: String?

    @Option(
        placeholder: "K", bounds: .atLeast(1),
        help:
            "Show the K most probable classes of an image; CSV and JSON hold the probability of every class.")
    package var top: Int?

    @Flag(
        help:
            "Compare the answers with the names of the folders that the images lie in: accuracy, and what was "
            + "taken for what. No test, and not counted.")
    package var labelsFromFolders = false

    @OptionGroup("Heat maps")
    package var heatMaps: HeatMapOptions

    @OptionGroup
    package var out: OutputOptions

    package init() {}

    /// Format of the result; `--json` is short for one.
    package var resultFormat: PredictionFormat { out.json ? .json : format }

    package func validate() throws {
        if out.json, ![.text, .json].contains(format) {
            throw UsageError("--json and --format \(format.rawValue): give one of them")
        }
        if imageUrl != nil, resultFormat != .labelstudio {
            throw UsageError("--image-url says where Label Studio finds images: give --format labelstudio")
        }
        if top != nil, resultFormat != .text {
            let instead =
                resultFormat == .labelstudio
                ? "holds the answer alone" : "holds the probability of every class"
            throw UsageError("--top: \(resultFormat.rawValue) \(instead), leave it out")
        }
    }

    /// Makes and prints predictions: `work` gets the printer, the rest is said after the last.
    ///
    /// - Parameter heatMaps: where `work` puts them; `nil` for none.
    ///
    /// Throws `UsageError` where `--labels-from-folders` finds no folder with the name of a class, and
    /// `ExitCode(.work)` when an image could not be read.
    package func print(
        _ subject: PredictionText.Subject, _ heatMaps: HeatMapFolder?,
        _ work: (PredictionPrinter) throws -> Void
    ) throws {
        let labels = labelsFromFolders ? try FolderLabels(of: subject.files, classes: subject.classes) : nil
        let text = PredictionText(
            subject, format: resultFormat, top: top, imageURL: imageUrl ?? LabelStudioTask.localFiles)
        let printer = PredictionPrinter(text)
        try work(printer)
        let predictions = try printer.finish()
        if let interface = text.interface, !out.quiet {
            if imageUrl == nil {
                Console.note(
                    "Label Studio finds the images with LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT=\(text.servedRoot.quotedForShell)"
                )
            }
            Console.note("Labelling interface:\n" + interface)
        }
        if let (note, warning) = try heatMaps?.finish() {
            if !out.quiet { Console.note(note) }
            if let warning { Console.warning(warning) }
        }
        if let comparison = try labels?.comparison(with: predictions) {
            if resultFormat == .text {
                try Console.result("\n" + comparison)
            } else {
                Console.note(comparison)
            }
        }
        if predictions.contains(where: { $0.error != nil }) { throw ExitCode(.work) }
    }

    /// Prints a model file's predictions. Throws as `print` does.
    package func run(model: String, threads: Int, options: ModelOptions) throws {
        let files = try ImageFiles.expand(images)
        let classifier = try Classifier(
            contentsOf: URL(fileURLWithPath: model),
            options: .init(
                mode: files.count == 1 ? .latency : .throughput,
                threads: threads,
                precision: options.precision ?? .float32,
                cacheFolder: options.noCache ? nil : CompiledModelCache.defaultFolder,
                minimumProbability: options.minProbability))
        let stored = classifier.description.precision
        if options.precision != nil, [.int8, .dynamicInt8].contains(stored) {
            throw UsageError("--precision: without effect, \(model.printable) computes in \(stored.rawValue)")
        }
        if let worst = options.worst {
            try NamedClass.check(worst, option: "--worst", among: classifier.description.classes)
        }
        let tiling = try options.tiling()
        let subject = PredictionText.Subject(
            files: files, classes: classifier.description.classes, marksDoubts: classifier.marksDoubts,
            namesPlaces: tiling != nil)
        if heatMaps.heatmap != nil, !classifier.hasMaps { throw ClassifierError.noMaps }
        let folder = try heatMaps.folder(
            inputs: images, files: files, classes: classifier.description.classes)
        try print(subject, folder) { printer in
            let console = PassConsole(quiet: isProgressHidden)
            defer { console.finish() }
            let known = KnownTestImages()
            let explaining = folder.map { folder in
                Classifier.Explaining(class: heatMaps.heatmapClass) {
                    try folder.add($0, files[$0], $1, $2)
                }
            }
            try classifier.predict(files: files, tiling: tiling, watch: known, explaining: explaining) {
                console.show("predicting", done: $0, total: $1)
            } answer: {
                try printer.add($0, $1)
            }
            console.finish()
            if let note = known?.note { Console.warning(note) }
        }
    }

    /// Whether nobody is to see how far it is: the answers on the same terminal tell as much.
    package var isProgressHidden: Bool { out.quiet || isatty(STDOUT_FILENO) != 0 }
}
