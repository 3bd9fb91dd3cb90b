import ArgumentParser
import Foundation
import TailorCommandLine
import TailorImages
import TailorInference
import TailorModelFile
import TailorSupport

@main
struct TailorRuntime: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tailor-runtime",
        abstract: "Runs model files made by tailor export; needs neither libtorch nor Python.",
        version: TailorVersion.current, subcommands: [PredictCommand.self])

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as ExitCode {
            exit(withError: error)
        } catch  where exitCode(for: error) == .validationFailure || exitCode(for: error) == .success {
            // Usage errors, --help and --version: the parser words these itself.
            exit(withError: error)
        } catch {
            Console.error("\(error)")
            exit(withError: ExitCode(error is OpenVINOError ? 1 : 2))
        }
    }
}

struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict", abstract: "Classify images or folders of images with a model file.",
        discussion: """
            Prints class and calibrated probability, a line an image. An image that cannot be read is named on \
            standard error, gets an empty line in the result, and makes the exit code 1.
            """)

    @Argument(help: "Model file (.onnx), as written by tailor export.")
    var model: String

    @Argument(help: "Images, or folders that are searched for images.")
    var images: [String]

    @Option(help: "text, csv or json.")
    var format = PredictionFormat.text

    @Option(help: "Threads that decode and compute. Default: one a core.")
    var threads: Int?

    @OptionGroup(title: "Model")
    var options: ModelOptions

    @OptionGroup(title: "Output")
    var out: OutputOptions

    func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads \(threads): expected 1…1024")
        }
    }

    func run() throws {
        try ModelPrediction(
            model: model, images: images, threads: threads, options: options,
            format: out.json ? .json : format, quiet: out.quiet
        ).run()
    }
}
