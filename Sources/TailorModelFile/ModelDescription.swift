import Foundation
import TailorEvaluation
import TailorImages

/// What a model file says about itself: the JSON under `tailor` in the ONNX metadata. A contract; see
/// `Documentation/ModelFormat.md`.
public struct ModelDescription: Codable, Sendable, Equatable {
    public static let currentSchema = 1

    /// How pictures enter the graph.
    public enum Input: String, Codable, CaseIterable, Sendable {
        /// `[N, 3, size, size]`, 32-bit floats, resized and normalised outside as `preprocessing` says.
        case external
        /// `[height, width, 3]`, bytes, any size: the graph resizes and normalises.
        case embedded
    }

    /// Type that weights are stored in and convolutions computed in.
    public enum WeightPrecision: String, Codable, CaseIterable, Sendable {
        case float32 = "fp32"
        case float16 = "fp16"
        case int8
        /// Only the head, its input quantized while running.
        case dynamicInt8 = "int8-dynamic"
    }

    public struct Weights: Codable, Sendable, Equatable {
        public var name: String
        public var sha256: String
        public var licence: String?

        public init(name: String, sha256: String, licence: String?) {
            self.name = name
            self.sha256 = sha256
            self.licence = licence
        }
    }

    public struct Dataset: Codable, Sendable, Equatable {
        public var fingerprint: String
        /// Training images of each class, in the order of `classes`.
        public var trainCounts: [Int]

        public init(fingerprint: String, trainCounts: [Int]) {
            self.fingerprint = fingerprint
            self.trainCounts = trainCounts
        }
    }

    public struct Figure: Codable, Sendable, Equatable {
        /// 0...1.
        public var value: Double
        /// Bounds of the 95 % interval.
        public var low: Double
        public var high: Double

        public init(value: Double, low: Double, high: Double) {
            self.value = value
            self.low = low
            self.high = high
        }
    }

    /// What the trained model, before export, reached on one split.
    public struct SplitMetrics: Codable, Sendable, Equatable {
        public var images: Int
        public var accuracy: Figure
        public var macroF1: Figure
        /// How often the test set had been used; `nil` for validation.
        public var testUses: Int?

        public init(images: Int, accuracy: Figure, macroF1: Figure, testUses: Int? = nil) {
            self.images = images
            self.accuracy = accuracy
            self.macroF1 = macroF1
            self.testUses = testUses
        }
    }

    /// How 8 bits came about, and what the gate measured on validation images.
    public struct Quantization: Codable, Sendable, Equatable {
        /// How activation ranges were chosen: `minmax`, `percentile`, `entropy`.
        public var ranges: String
        public var calibrationImages: Int
        public var validationImages: Int
        /// Macro-F1 on validation images with 32-bit floats and quantized, 0...1.
        public var macroF1Before: Double
        public var macroF1After: Double
        /// Share of validation images with the same class as before, 0...1.
        public var agreement: Double
        public var largestLogitDifference: Double
        /// Convolutions left in 32-bit floats, by name.
        public var floatLayers: [String]

        public init(
            ranges: String, calibrationImages: Int, validationImages: Int, macroF1Before: Double,
            macroF1After: Double, agreement: Double, largestLogitDifference: Double, floatLayers: [String]
        ) {
            self.ranges = ranges
            self.calibrationImages = calibrationImages
            self.validationImages = validationImages
            self.macroF1Before = macroF1Before
            self.macroF1After = macroF1After
            self.agreement = agreement
            self.largestLogitDifference = largestLogitDifference
            self.floatLayers = floatLayers
        }
    }

    public var schema: Int
    public var tailorVersion: String
    public var architecture: String
    public var classes: [String]
    public var input: Input
    public var preprocessing: Preprocessing
    public var precision: WeightPrecision
    public var calibration: TemperatureScaling
    public var decision: DecisionRules
    public var weights: Weights?
    public var dataset: Dataset?
    public var validation: SplitMetrics?
    public var test: SplitMetrics?
    public var quantization: Quantization?
    public var golden: [GoldenVector]

    public init(
        tailorVersion: String, classes: [String], input: Input = .external, preprocessing: Preprocessing,
        precision: WeightPrecision = .float32, calibration: TemperatureScaling = .init(temperature: 1)
    ) {
        schema = Self.currentSchema
        self.tailorVersion = tailorVersion
        architecture = "resnet18"
        self.classes = classes
        self.input = input
        self.preprocessing = preprocessing
        self.precision = precision
        self.calibration = calibration
        decision = DecisionRules()
        golden = []
    }

    /// What is wrong with these values, whoever wrote them; `nil`: nothing.
    func defect() -> String? {
        if architecture != "resnet18" {
            return "architecture: expected resnet18, got \(architecture.prefix(40))"
        }
        guard (1...100_000).contains(classes.count) else { return "\(classes.count) classes" }
        if Set(classes).count != classes.count { return "two classes of one name" }
        if classes.contains("") { return "a class without a name" }
        do { try preprocessing.validate() } catch { return "preprocessing: \(error)" }
        let temperature = calibration.temperature
        if !temperature.isFinite || temperature <= 0 {
            return "temperature: expected above 0, got \(temperature)"
        }
        if let defect = decision.defect(classes: classes) { return defect }
        if golden.count > 64 { return "\(golden.count) golden vectors" }
        return golden.lazy.compactMap { $0.defect(classCount: classes.count) }.first
    }
}
