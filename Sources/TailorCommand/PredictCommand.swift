import Foundation
import Tailor
import TailorArguments
import TailorCommandLine
import TailorSupport

struct PredictCommand: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "predict",
            abstract: "Classify images or folders of images with a model file or a run's best model.",
            discussion: """
                Prints class and calibrated probability, a line an image. An image that cannot be read is named on \
                standard error, gets an empty line in the result, and makes the exit code 1.

                A model file (.onnx, from export) runs on OpenVINO, as in tailor-runtime; a run folder on libtorch.
                """,
            heading: "Output")
    }

    @Argument(completion: .file("onnx"), help: "Model file from export, or run folder from train.")
    var model: String

    @OptionGroup
    var prediction: PredictionOptions

    @OptionGroup("Model file")
    var options: ModelOptions

    @OptionGroup("Machine")
    var machine: MachineOptions

    func run() throws {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: model, isDirectory: &isDirectory), isDirectory.boolValue
        else {
            try refuse(
                machine.givenToLibTorch,
                "a model file runs on OpenVINO, on the processor: leave out what is for a run folder"
                    + (machine.workers == nil ? "" : "; --threads N sets its threads"))
            return try prediction.run(model: model, threads: machine.computing.count, options: options)
        }
        try refuse(
            options.given,
            "only a model file takes this, and \(model.printable) is a run folder: make one with tailor export "
                + "\(model.printable), and give predict its .onnx")
        let machine = try machine.resolve()
        let trained = try TrainedModel(
            RunFolder(URL(fileURLWithPath: model)), device: machine.device, workers: machine.workers)
        trained.warnIfUnfinished()
        let files = try ImageFiles.expand(prediction.images)
        let subject = PredictionText.Subject(
            files: files, classes: trained.record.classes, marksDoubts: false, namesPlaces: false)
        let folder = try prediction.heatMaps.folder(
            inputs: prediction.images, files: files, classes: trained.record.classes)
        try prediction.print(subject, folder) { printer in
            let progress = TrainingConsole(quiet: prediction.isProgressHidden)
            defer { progress.finish() }
            var count = 0
            let explain = folder.map { folder in
                { (index: Int, image: RGBImage, answer: Classification, maps: ActivationMaps) in
                    try folder.add(index, files[index], image, explanation(of: image, answer, maps, trained))
                }
            }
            try Predictor(trained).predict(files: files, report: progress.handle, explain: explain) {
                try printer.add(count, $0)
                count += 1
            }
        }
    }

    private func explanation(
        of image: RGBImage, _ answer: Classification, _ maps: ActivationMaps, _ trained: TrainedModel
    ) throws -> Explanation {
        let wanted = prediction.heatMaps.heatmapClass.flatMap { trained.classes.index(of: $0) }
        let label = wanted ?? answer.best
        return Explanation(
            classification: answer, label: label,
            heatMap: try HeatMap(
                maps[label], width: image.width, height: image.height,
                preprocessing: trained.record.preprocessing))
    }

    /// Refuses options that would be ignored.
    private func refuse(_ options: [String], _ reason: String) throws {
        guard options.isEmpty else { throw UsageError("\(options.listed()): \(reason)") }
    }
}
