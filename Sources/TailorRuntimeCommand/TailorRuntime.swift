import TailorArguments
import TailorCommandLine
import TailorInference
import TailorSupport

@main
struct TailorRuntime: CommandGroup {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "tailor-runtime",
            abstract: "Runs model files made by tailor export; needs neither libtorch nor Python.",
            discussion: """
                A model file carries its class names, preprocessing and thresholds, and is asked its golden vectors \
                before it is asked anything else.

                  tailor-runtime predict model.onnx new-images/
                  tailor-runtime predict model.onnx part.jpg --json

                Results go to standard output, progress to standard error. Exit codes: 0 done, 1 failed while \
                working, 2 refused (bad input or usage).
                """,
            version: TailorVersion.current,
            subcommands: [
                PredictCommand.self, CompletionCommand<TailorRuntime>.self, ManualCommand<TailorRuntime>.self,
            ])
    }

    static func main() {
        Program.run(TailorRuntime.self)
    }
}

struct PredictCommand: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "predict", abstract: "Classify images or folders of images with a model file.",
            discussion: """
                Prints class and calibrated probability, a line an image. An image that cannot be read is named on \
                standard error, gets an empty line in the result, and makes the exit code 1.
                """,
            heading: "Output")
    }

    @Argument(completion: .file("onnx"), help: "Model file (.onnx), as written by tailor export.")
    var model: String

    @OptionGroup
    var prediction: PredictionOptions

    @OptionGroup("Model file")
    var options: ModelOptions

    @OptionGroup("Machine")
    var computing: ThreadOptions

    func run() throws {
        try prediction.run(model: model, threads: computing.count, options: options)
    }
}
