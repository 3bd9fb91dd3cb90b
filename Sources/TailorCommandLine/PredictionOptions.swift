import Foundation
import TailorArguments
import TailorImages
import TailorInference

/// Arguments that `predict` has in every program, and what it does with a model file.
package struct PredictionOptions: ArgumentGroup {
    @Argument(completion: .file(), help: "Images, or folders that are searched for images.")
    package var images: [String]

    @Option(help: "What is printed.")
    package var format = PredictionFormat.text

    @OptionGroup
    package var out: OutputOptions

    package init() {}

    /// Format of the result; `--json` wins over `--format`.
    package var resultFormat: PredictionFormat { out.json ? .json : format }

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
        if let worst = options.worst {
            try NamedClass.check(worst, option: "--worst", among: classifier.description.classes)
        }
        let console = PassConsole(quiet: out.quiet)
        let predictions = try classifier.predict(files: files, tiling: try options.tiling()) {
            console.show("predicting", done: $0, total: $1)
        }
        console.finish()
        try PredictionText.show(
            predictions, classes: classifier.description.classes, format: resultFormat)
    }
}
