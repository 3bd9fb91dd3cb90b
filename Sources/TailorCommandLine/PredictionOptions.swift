import Foundation
import TailorArguments
import TailorEvaluation
import TailorImages
import TailorInference

/// Arguments that `predict` has in every program, and what it does with a model file.
package struct PredictionOptions: ArgumentGroup {
    @Argument(completion: .file(), help: "Images, or folders that are searched for images.")
    package var images: [String]

    @Option(help: "What is printed.")
    package var format = PredictionFormat.text

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

    @OptionGroup
    package var out: OutputOptions

    package init() {}

    /// Format of the result; `--json` wins over `--format`.
    package var resultFormat: PredictionFormat { out.json ? .json : format }

    package func validate() throws {
        if top != nil, resultFormat != .text {
            throw UsageError(
                "--top: \(resultFormat.rawValue) holds the probability of every class, leave it out")
        }
    }

    /// Labels by which the answers are to be compared; nil if they are not. Throws `UsageError` where no folder
    /// has the name of a class.
    package func labels(of files: [String], classes: [String]) throws -> FolderLabels? {
        labelsFromFolders ? try FolderLabels(of: files, classes: classes) : nil
    }

    /// Prints predictions as asked for. Throws `ExitCode(.work)` when an image could not be read.
    package func show(_ predictions: [Prediction], classes: [String], labels: FolderLabels?) throws {
        try PredictionText.show(
            predictions, classes: classes, format: resultFormat, top: top,
            comparison: try labels?.comparison(with: predictions))
    }

    /// Prints a model file's predictions. Throws `ExitCode(.work)` when an image could not be read.
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
        let classes = classifier.description.classes
        let labels = try labels(of: files, classes: classes)
        let console = PassConsole(quiet: out.quiet)
        let known = KnownTestImages()
        let predictions = try classifier.predict(files: files, tiling: try options.tiling(), watch: known) {
            console.show("predicting", done: $0, total: $1)
        }
        console.finish()
        if let note = known?.note { Console.warning(note) }
        try show(predictions, classes: classes, labels: labels)
    }
}
