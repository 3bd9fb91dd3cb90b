import ArgumentParser
import Foundation
import Tailor
import TailorCommandLine
import TailorSupport

@main
struct TailorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tailor",
        abstract: "Fits a pretrained ResNet18 to a folder of images and tests it honestly.",
        discussion: """
            A data folder holds train/, val/ and test/, each with one folder of images a class; val/ may be \
            missing (it is then split off train/), and so may test/ until you evaluate. `split` makes one.

              tailor split photos data
              tailor check data
              tailor train data --output runs/first
              tailor evaluate runs/first
              tailor export runs/first
              tailor predict runs/first/model.onnx new-images/

            Results go to standard output, progress to standard error. Exit codes: 0 done, 1 failed while \
            working, 2 refused (bad input or usage; 64 from the argument parser), 3 a gate said no.
            """,
        version: TailorVersion.current,
        subcommands: [
            SplitCommand.self, CheckCommand.self, TrainCommand.self, EvaluateCommand.self,
            ExportCommand.self, PredictCommand.self, DoctorCommand.self,
        ])

    static func main() {
        TorchRuntime.keepFreedMemory()
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as ExitCode {
            exit(withError: error)
        } catch let failure as CommandFailure {
            Console.error(failure.message)
            exit(withError: ExitCode(failure.code))
        } catch  where exitCode(for: error) == .validationFailure || exitCode(for: error) == .success {
            // Usage errors, --help and --version: the parser words these itself.
            exit(withError: error)
        } catch {
            let failure = CommandFailure(error)
            Console.error(failure.message)
            exit(withError: ExitCode(failure.code))
        }
    }
}
