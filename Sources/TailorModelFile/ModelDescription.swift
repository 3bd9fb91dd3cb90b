import Foundation
import TailorEvaluation
import TailorImages

/// Description of a model: the JSON under `tailor` in the ONNX metadata, specified in
/// `Documentation/ModelFormat.md`.
public struct ModelDescription: Codable, Sendable, Equatable {
    /// 2: a file with activation maps, which readers of 1 would not know.
    static let currentSchema = 2

    /// Input of the graph.
    public enum Input: String, Codable, CaseIterable, Sendable {
        /// Images resized and normalised as `preprocessing` says: `[N, 3, size, size]`, 32-bit floats.
        case external
        /// One image of any size, resized and normalised by the graph: `[height, width, 3]`, bytes.
        case embedded
    }

    /// Type that weights are stored in and convolutions computed in.
    public enum WeightPrecision: String, Codable, CaseIterable, Sendable {
        case float32 = "fp32"
        case float16 = "fp16"
        case int8
        /// Dynamic quantization of the head alone.
        case dynamicInt8 = "int8-dynamic"
    }

    /// Pretrained weights that training started from.
    public struct Weights: Codable, Sendable, Equatable {
        public var name: String
        public var sha256: String
        public var licence: String?

        package init(name: String, sha256: String, licence: String?) {
            self.name = name
            self.sha256 = sha256
            self.licence = licence
        }
    }

    /// Training data.
    public struct Dataset: Codable, Sendable, Equatable {
        public var fingerprint: String
        /// Training images of each class, in the order of `classes`.
        public var trainCounts: [Int]

        package init(fingerprint: String, trainCounts: [Int]) {
            self.fingerprint = fingerprint
            self.trainCounts = trainCounts
        }
    }

    /// A metric with its interval.
    public struct Metric: Codable, Sendable, Equatable {
        /// Value, 0...1.
        public var value: Double
        /// Lower bound of the 95 % interval.
        public var low: Double
        /// Upper bound of the 95 % interval.
        public var high: Double

        package init(_ value: Double, _ interval: Interval) {
            self.value = value
            low = interval.low
            high = interval.high
        }
    }

    /// Metrics of the trained model, before export, on one split.
    public struct SplitMetrics: Codable, Sendable, Equatable {
        public var images: Int
        public var accuracy: Metric
        public var macroF1: Metric
        /// Number of uses of the test set so far; `nil` for validation.
        public var testUses: Int?

        package init(images: Int, accuracy: Metric, macroF1: Metric, testUses: Int? = nil) {
            self.images = images
            self.accuracy = accuracy
            self.macroF1 = macroF1
            self.testUses = testUses
        }
    }

    /// Quantization: how activation ranges were chosen, and what the gate measured on validation images.
    public struct Quantization: Codable, Sendable, Equatable {
        /// Method for activation ranges: `minmax`, `percentile`, `entropy` or `mse`.
        public var ranges: String
        public var calibrationImages: Int
        public var validationImages: Int
        /// Macro-F1 on validation images with 32-bit floats, 0...1.
        public var macroF1Before: Double
        /// Macro-F1 on validation images when quantized, 0...1.
        public var macroF1After: Double
        /// Share of validation images whose predicted class stays, 0...1.
        public var agreement: Double
        public var largestLogitDifference: Double
        /// Names of the layers left in 32-bit floats.
        public var floatLayers: [String]
        /// `symmetric` for signed activations without zero points, as TensorRT takes them; `nil` for 0...255 with zero
        /// points.
        public var scheme: String?

        package init(
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

    /// Activation maps, the graph's third output: the mean of a class's map plus its bias is its logit.
    public struct Maps: Codable, Sendable, Equatable {
        public var rows: Int
        public var columns: Int
        /// Biases of the head, one a class.
        public var biases: [Float]

        /// Most classes of which a file holds maps.
        package static let maximumClasses = 1000

        /// Cells along a side of a map, for an input of `imageSize` pixels: ResNet18 halves it five times.
        package static func cells(imageSize: Int) -> Int { (imageSize + 31) / 32 }

        package init(rows: Int, columns: Int, biases: [Float]) {
            self.rows = rows
            self.columns = columns
            self.biases = biases
        }

        /// First value that does not fit a model of so many classes, in words; `nil` if all do.
        func firstProblem(classCount: Int) -> String? {
            guard (1...128).contains(rows), (1...128).contains(columns) else {
                return "maps of \(rows) × \(columns) cells: expected 1 to 128"
            }
            guard biases.count == classCount, biases.allSatisfy(\.isFinite) else {
                return "maps: expected \(classCount) finite biases, got \(biases.count)"
            }
            return nil
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
    /// SHA-256 of the run's weights (`best.safetensors`) that were exported; `nil` in files of earlier versions.
    public var network: String?
    public var dataset: Dataset?
    public var validation: SplitMetrics?
    public var test: SplitMetrics?
    public var quantization: Quantization?
    /// `nil` for a file without maps.
    public var maps: Maps? {
        didSet { schema = Self.schema(maps) }
    }
    public var golden: [GoldenVector]

    package init(
        tailorVersion: String, classes: [String], input: Input = .external, preprocessing: Preprocessing,
        precision: WeightPrecision = .float32, calibration: TemperatureScaling = .init(temperature: 1)
    ) {
        schema = Self.schema(nil)
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

    /// The lowest schema that holds this, so that earlier readers read what they can.
    private static func schema(_ maps: Maps?) -> Int { maps == nil ? 1 : 2 }

    /// First invalid value, in words; `nil` if all are valid.
    func firstProblem() -> String? {
        if architecture != "resnet18" {
            return "architecture: expected resnet18, got \(architecture.prefix(40))"
        }
        guard (1...100_000).contains(classes.count) else { return "\(classes.count) classes" }
        if Set(classes).count != classes.count { return "two classes of one name" }
        if classes.contains("") { return "a class without a name" }
        if let problem = boundProblem { return problem }
        do { try preprocessing.validate() } catch { return "preprocessing: \(error)" }
        let temperature = calibration.temperature
        if !temperature.isFinite || temperature <= 0 {
            return "temperature: expected above 0, got \(temperature)"
        }
        if let problem = decision.firstProblem(classes: classes) { return problem }
        if let problem = maps?.firstProblem(classCount: classes.count) { return problem }
        if golden.count > 64 { return "\(golden.count) golden vectors" }
        return golden.lazy.compactMap { $0.firstProblem(classCount: classes.count, maps: maps) }.first
    }
}

extension ModelDescription {
    /// Longest text, in bytes; a class may come from a table, and is longer than a folder's name then.
    private static let maximumText = 4096
    /// Most layers that can be named.
    private static let maximumLayers = 64

    /// First text or list that is longer, or number that is other, than export writes, in words.
    fileprivate var boundProblem: String? {
        let texts =
            classes
            + [
                tailorVersion, dataset?.fingerprint, network, quantization?.ranges,
                quantization?.scheme,
            ].compactMap { $0 }
            + [weights?.name, weights?.sha256, weights?.licence].compactMap { $0 }
            + (quantization?.floatLayers.prefix(Self.maximumLayers + 1) ?? [])
        if let long = texts.first(where: { $0.utf8.count > Self.maximumText }) {
            return "a text of \(long.utf8.count) bytes: \(long.prefix(40))"
        }
        if let counts = dataset?.trainCounts,
            counts.count != classes.count || counts.contains(where: { $0 < 0 })
        {
            return "training images of \(counts.count) classes, expected \(classes.count) counts"
        }
        if let layers = quantization?.floatLayers, layers.count > Self.maximumLayers {
            return "\(layers.count) layers in floats"
        }
        let metrics = [validation, test].compactMap { $0 }
        let values = metrics.flatMap { [$0.accuracy, $0.macroF1] }.flatMap { [$0.value, $0.low, $0.high] }
        if let wrong = values.first(where: { !(0...1).contains($0) }) { return "a metric of \(wrong)" }
        if let wrong = metrics.flatMap({ [$0.images, $0.testUses ?? 0] }).first(where: { $0 < 0 }) {
            return "a number of images or uses of \(wrong)"
        }
        return nil
    }
}

/// A small image with the model's logits at export, which are compared when the model is loaded.
public struct GoldenVector: Codable, Sendable, Equatable {
    static let maximumSide = 256

    /// Width in pixels.
    public var width: Int
    /// Height in pixels.
    public var height: Int
    /// Red, green and blue of each pixel, row by row, `3 × width × height` bytes; base64 in JSON.
    public var pixels: Data
    /// Logits, one a class, before temperature and softmax.
    public var logits: [Float]
    /// Activation map of the class with the highest logit, `[rows, columns]`; `nil` for a file without maps.
    public var map: [Float]?

    package init(image: RGBImage, logits: [Float], map: [Float]? = nil) {
        width = image.width
        height = image.height
        pixels = Data(image.pixels)
        self.logits = logits
        self.map = map
    }

    /// Decodes ``pixels``. Throws `ImageError` if their number does not fit the size.
    package func image() throws -> RGBImage {
        try RGBImage(width: width, height: height, pixels: [UInt8](pixels))
    }

    /// First value that does not fit a model of so many classes, in words; `nil` if all do.
    func firstProblem(classCount: Int, maps: ModelDescription.Maps?) -> String? {
        guard (1...Self.maximumSide).contains(width), (1...Self.maximumSide).contains(height) else {
            return "golden vector of \(width)×\(height) pixels: expected sides of 1 to \(Self.maximumSide)"
        }
        guard pixels.count == 3 * width * height else {
            return "golden vector: expected \(3 * width * height) bytes, got \(pixels.count)"
        }
        guard logits.count == classCount, logits.allSatisfy(\.isFinite) else {
            return "golden vector: expected \(classCount) finite logits, got \(logits.count)"
        }
        let cells = maps.map { $0.rows * $0.columns }
        guard map?.count == cells, map?.allSatisfy(\.isFinite) ?? true else {
            return "golden vector: expected a map of \(cells ?? 0) finite values, got \(map?.count ?? 0)"
        }
        return nil
    }
}
