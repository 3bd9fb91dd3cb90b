import Foundation
import TailorEvaluation
import TailorFineTuning
import TailorModelFile
import TailorSupport

extension ModelExporter {
    /// Describes the run, for the model file.
    func description(
        _ network: FoldedNetwork, _ precision: ModelDescription.WeightPrecision, input: ModelDescription.Input
    ) throws -> ModelDescription {
        let record = trained.record
        var description = ModelDescription(
            tailorVersion: TailorVersion.current, classes: record.classes, input: input,
            preprocessing: record.preprocessing, precision: precision,
            calibration: record.calibration ?? .init(temperature: trained.temperature))
        description.weights = record.weights.map {
            .init(name: $0.name, sha256: $0.sha256, licence: $0.licence)
        }
        description.network = record.best?.sha256
        description.dataset = .init(
            fingerprint: record.dataset.fingerprint, trainCounts: record.dataset.trainCounts)
        description.validation = try record.validationEvaluation(trained.folder).map {
            .init(
                images: $0.metrics.n,
                accuracy: .init($0.metrics.accuracy, $0.intervals.accuracy),
                macroF1: .init($0.metrics.macroF1, $0.intervals.macroF1))
        }
        if writesMaps {
            let cells = ModelDescription.Maps.cells(imageSize: record.preprocessing.imageSize)
            // As the graph holds them.
            let biases =
                precision == .float16 ? network.headBias.map { Float(Float16($0)) } : network.headBias
            description.maps = .init(rows: cells, columns: cells, biases: biases)
        }
        let report = trained.folder.test.appending(path: "metrics.json")
        if FileManager.default.fileExists(atPath: report.path) {
            let test = try JSONFile.read(MetricsReport.self, from: report)
            description.test = .init(
                images: test.n, accuracy: .init(test.accuracy, test.intervals.accuracy),
                macroF1: .init(test.macroF1, test.intervals.macroF1), testUses: test.testUses)
        }
        return description
    }
}
