import Foundation
import TailorArguments
import TailorImages
import TailorInference

/// `predict` with a model file: the same in every program.
package struct ModelPrediction {
    package var model: String
    package var images: [String]
    package var threads: Int
    package var options: ModelOptions
    package var format: PredictionFormat
    package var quiet: Bool

    package init(
        model: String, images: [String], threads: Int, options: ModelOptions, format: PredictionFormat,
        quiet: Bool
    ) {
        self.model = model
        self.images = images
        self.threads = threads
        self.options = options
        self.format = format
        self.quiet = quiet
    }

    /// Prints the predictions. Throws `ExitCode(.work)` when an image could not be read.
    package func run() throws {
        let files = try ImageFiles.expand(images)
        let classifier = try Classifier(
            contentsOf: URL(fileURLWithPath: model),
            options: .init(
                mode: files.count == 1 ? .latency : .throughput,
                threads: threads,
                precision: options.precision,
                cacheFolder: options.noCache ? nil : CompiledModelCache.defaultFolder,
                minimumProbability: options.minProbability))
        let console = PassConsole(quiet: quiet)
        let predictions = try classifier.predict(files: files, tiling: try options.tiling()) {
            console.show("predicting", done: $0, total: $1)
        }
        console.finish()
        try PredictionText.show(
            predictions, classes: classifier.description.classes, format: format)
    }
}
