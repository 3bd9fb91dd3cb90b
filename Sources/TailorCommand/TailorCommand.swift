import Foundation
import Tailor
import TailorArguments
import TailorCommandLine
import TailorSupport

@main
struct TailorCommand: CommandGroup {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "tailor",
            abstract: "Fits a pretrained ResNet18 to a folder of images and tests it honestly.",
            discussion: """
                A data folder holds train/, val/ and test/, each with one folder of images a class; val/ may be \
                missing (it is then split off train/), and so may test/ until you evaluate. `split` makes one.

                  tailor split photos data
                  tailor check data
                  tailor train data --output runs/first
                  tailor export runs/first
                  tailor evaluate runs/first --model runs/first/model.onnx
                  tailor predict runs/first/model.onnx new-images/

                Results go to standard output, progress to standard error. Exit codes: 0 done, 1 failed while \
                working, 2 refused (bad input or usage), 3 a gate said no.
                """,
            version: TailorVersion.current,
            subcommands: [
                SplitCommand.self, CheckCommand.self, ReviewCommand.self, TrainCommand.self,
                ExportCommand.self,
                EvaluateCommand.self, PredictCommand.self, AdviseCommand.self, WeightsCommand.self,
                DoctorCommand.self,
                CompletionCommand<TailorCommand>.self, ManualCommand<TailorCommand>.self,
            ])
    }

    static func main() {
        TorchRuntime.keepFreedMemory()
        Program.run(TailorCommand.self)
    }
}
