import Foundation
import TailorDatasets
import TailorEvaluation
import TailorImages
import TailorResNet
import TailorSupport
import TailorTensors

/// `run.json`: everything needed to repeat a run and to use its model.
public struct RunRecord: Codable, Sendable {
    public static let currentSchema = 1

    public enum Status: String, Codable, Sendable { case running, interrupted, failed, finished }

    public struct Versions: Codable, Sendable, Hashable {
        public var tailor: String
        public var libtorch: String

        public static var current: Versions {
            Versions(tailor: TailorVersion.current, libtorch: TorchRuntime.version)
        }
    }

    public struct DatasetFacts: Codable, Sendable {
        public var path: String
        public var fingerprint: String
        /// Images of each class, in the order of `classes`.
        public var trainCounts: [Int]
        public var validationCounts: [Int]
        /// "folder", or how many were split off the training images.
        public var validationSource: String
        public var hasTest: Bool
        /// Files that could not be read and were left out, with the reason.
        public var skipped: [String]
        public var notes: [String]
        /// SHA-256 of the thumbnails in `dataset_thumbnails.pgm`; nil in runs of earlier versions.
        public var thumbnails: String?
        /// Decisions about labels that were carried out; nil where none were given.
        public var decisions: AppliedDecisions?
    }

    public struct BestEpoch: Codable, Sendable {
        public var epoch: Int
        public var phase: String
        public var validationLoss: Double
        public var validationAccuracy: Double
        public var validationMacroF1: Double
        /// SHA-256 of `best.safetensors`.
        public var sha256: String
    }

    /// Memory that the process took, beside what was forecast; bytes.
    public struct MemoryUse: Codable, Sendable, Hashable {
        public var peak: Int
        /// Nil where nobody asked for a forecast.
        public var forecast: Int?
        /// Of the GPU.
        public var gpuPeak: Int?
        public var gpuForecast: Int?
    }

    public var schema: Int
    public var status: Status
    public var startedAt: Date
    public var finishedAt: Date?
    public var seconds: Double?
    public var recipe: Recipe
    public var seed: UInt64
    public var versions: Versions
    public var device: String
    public var deviceName: String
    /// Precision that was used; never `auto`.
    public var precision: TrainingPrecision
    public var threads: Int
    public var workers: Int
    public var weights: WeightsOrigin?
    public var dataset: DatasetFacts
    public var classes: [String]
    public var classWeights: [Double]?
    public var preprocessing: Preprocessing
    /// Statistics of batch norm that were taken; nil in runs of earlier versions.
    public var batchNorm: BatchNormStatistics?
    /// How the linear probe did with each kind, where it was measured.
    public var batchNormMeasurements: [BatchNormMeasurement]?
    /// How the linear probe did with each strength of random crops, where it was measured.
    public var cropMeasurements: [CropMeasurement]?
    /// Short runs before the full ones, and these.
    public var trials: [Trial]?
    /// The best epoch of each seed; nil in runs of earlier versions.
    public var seeds: [SeedResult]?
    /// The recipe with everything decided that it leaves open; what the full run carried out.
    public var plan: Recipe?
    public var best: BestEpoch?
    /// Larger images that the kept model was tried on; nil where none were asked for.
    public var imageSizes: [ImageSizeMeasurement]?
    /// How much the best result flatters, because it was picked; nil in runs of earlier versions.
    public var selection: SelectionOptimism?
    /// What to expect on new images; nil where no cross-validation was asked for.
    public var crossValidation: CrossValidation?
    /// Nil in runs of earlier versions.
    public var memory: MemoryUse?
    public var epochsRun: Int
    public var stoppedEarly: Bool
    public var calibration: TemperatureScaling?
    public var warnings: [String]

    public static func read(from folder: RunFolder) throws -> RunRecord {
        guard folder.hasRecord else { throw RunError.notARun(folder.url.path) }
        struct SchemaOnly: Codable { var schema: Int }
        let found = try JSONFile.read(SchemaOnly.self, from: folder.record).schema
        guard found <= currentSchema else {
            throw RunError.newerSchema(folder.record.path, found: found, supported: currentSchema)
        }
        return try JSONFile.read(RunRecord.self, from: folder.record)
    }

    public func write(to folder: RunFolder) throws {
        try JSONFile.write(self, to: folder.record)
    }
}

extension RunRecord.BestEpoch {
    /// Throws `FileError` and `ContentHashError`.
    init(_ row: EpochRecord, weights: URL) throws {
        self.init(
            epoch: row.epoch, phase: row.phase, validationLoss: row.validationLoss,
            validationAccuracy: row.validationAccuracy, validationMacroF1: row.validationMacroF1,
            sha256: try ContentHash.sha256(contentsOf: weights))
    }
}

extension RunRecord {
    /// Reads the best model's metrics on validation images from `predictions_val.csv`; `nil` before it is written.
    package func validationEvaluation(_ folder: RunFolder) throws -> ModelEvaluation? {
        let rows = try validationRows(folder)
        guard !rows.isEmpty else { return nil }
        return try ModelEvaluation(
            // Calibrated probabilities already: their logarithms are logits of temperature 1.
            logits: ScoreMatrix(
                rows: rows.map { $0.fields[4..<4 + classes.count].map { log(max(Double($0) ?? 0, 1e-12)) } }),
            labels: rows.map(\.label), classes: classes)
    }

    /// Paths of the images in `predictions_val.csv`, as ``validationEvaluation(_:)`` orders them.
    package func validationPaths(_ folder: RunFolder) throws -> [String] {
        try validationRows(folder).map { $0.fields[0] }
    }

    private func validationRows(_ folder: RunFolder) throws -> [(fields: [String], label: Int)] {
        guard FileManager.default.fileExists(atPath: folder.validationPredictions.path) else { return [] }
        let data = try RegularFile.contents(of: folder.validationPredictions)
        let rows = try CSV.parse(String(decoding: data, as: UTF8.self), isOwn: true).dropFirst()
        let index = Dictionary(
            classes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        return rows.filter { $0.count >= 4 + classes.count }.compactMap { row in
            index[row[1]].map { (row, $0) }
        }
    }
}

extension Device {
    /// The GPU's name, or the instruction set that libtorch uses on the CPU.
    package var name: String {
        switch kind {
        case .cpu: "CPU (\(TorchRuntime.cpuCapability))"
        case .cuda: (try? TorchRuntime.cudaDevice(index).name) ?? "CUDA device \(index)"
        }
    }
}
