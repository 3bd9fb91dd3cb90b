import Foundation
import TailorEvaluation
import TailorImages
import TailorModelFile
import TailorSupport

/// A model file, compiled for this processor and checked against the answers it was exported with.
///
/// Safe to use from several threads. The same picture gives the same answer alone or among others.
public final class Classifier: Sendable {
    /// Type of the arithmetic of a model in floats.
    public enum ComputePrecision: String, CaseIterable, Sendable {
        /// 16-bit brain floats where the processor multiplies them itself and the golden vectors still come out,
        /// else 32 bits.
        case automatic = "auto"
        case float32 = "fp32"
        case bfloat16 = "bf16"
    }

    public enum Mode: Sendable {
        /// One picture as soon as possible: all threads work on it.
        case latency
        /// Many pictures: a thread a picture.
        case throughput
    }

    public struct Options: Sendable {
        public var mode: Mode
        /// Threads in all.
        public var threads: Int
        public var precision: ComputePrecision
        /// Where compiled models are kept, so that the next start is quick; `nil`: nowhere.
        public var cacheFolder: URL?
        /// Answers below this are rejected as unsure, 0...1; `nil`: the model's own.
        public var minimumProbability: Double?

        /// Pictures at once.
        var workers: Int { mode == .latency ? 1 : threads }

        /// - Parameter threads: default: one a core.
        public init(
            mode: Mode = .latency, threads: Int = ProcessInfo.processInfo.activeProcessorCount,
            precision: ComputePrecision = .automatic, cacheFolder: URL? = CompiledModelCache.defaultFolder,
            minimumProbability: Double? = nil
        ) {
            self.mode = mode
            self.threads = max(1, threads)
            self.precision = precision
            self.cacheFolder = cacheFolder
            self.minimumProbability = minimumProbability
        }
    }

    public let description: ModelDescription
    /// What is computed with: `int8`, `bf16` or `fp32`.
    public let arithmetic: String
    private let requests: RequestPool
    let decider: Decider
    private let decoder = ImageDecoder()
    let workers: Int

    /// Throws `ModelFileError` for a bad file, ``ClassifierError`` when its golden vectors do not come out,
    /// ``OpenVINOError`` when it cannot be compiled.
    public convenience init(contentsOf url: URL, options: Options = Options()) throws {
        try self.init(ModelFile(contentsOf: url), name: url.relativePath, options: options)
    }

    /// `name` is what errors call the model.
    public convenience init(_ file: ModelFile, name: String, options: Options = Options()) throws {
        try self.init(file, options: options, checkedAs: name)
    }

    /// Without asking the golden vectors.
    package convenience init(_ file: ModelFile, options: Options) throws {
        try self.init(file, options: options, checkedAs: nil)
    }

    private init(_ file: ModelFile, options: Options, checkedAs name: String?) throws {
        description = file.description
        decider = Decider(description, minimumProbability: options.minimumProbability)
        workers = options.workers
        let wanted = try Self.usesBFloat16(file.description, options.precision)
        do {
            requests = try Self.requests(file, options, usesBFloat16: wanted, checkedAs: name)
            arithmetic = Self.arithmetic(file.description.precision, usesBFloat16: wanted)
        } catch let error as ClassifierError {
            guard wanted, options.precision == .automatic, case .wrongAnswer = error else { throw error }
            requests = try Self.requests(file, options, usesBFloat16: false, checkedAs: name)
            arithmetic = Self.arithmetic(file.description.precision, usesBFloat16: false)
        }
    }

    private static func usesBFloat16(
        _ description: ModelDescription, _ precision: ComputePrecision
    ) throws -> Bool {
        // Positions and grey levels of embedded preprocessing need more digits than bfloat16 has.
        guard [.float32, .float16].contains(description.precision), description.input == .external else {
            return false
        }
        return switch precision {
        case .automatic: try OpenVINOCore.shared().hasBFloat16
        case .float32: false
        case .bfloat16: true
        }
    }

    /// Ready to run, one a thread of `options`; golden vectors answered when a name is given.
    private static func requests(
        _ file: ModelFile, _ options: Options, usesBFloat16: Bool, checkedAs name: String?
    ) throws -> RequestPool {
        let description = file.description
        let network = try CompiledNetwork(
            onnx: file.bytes,
            input: description.input == .external
                ? .pixels(description.preprocessing, batch: 1) : .picture,
            settings: NetworkSettings(
                mode: options.mode == .latency ? .latency : .throughput, threads: options.threads,
                usesBFloat16: usesBFloat16, cacheFolder: CompiledModelCache.usable(options.cacheFolder)))
        let requests = try RequestPool(network, count: options.workers)
        if let name {
            let arithmetic = arithmetic(description.precision, usesBFloat16: usesBFloat16)
            try GoldenCheck(description: description, arithmetic: arithmetic, name: name).run { image in
                try logitsAndFeatures(prepared(image, description), requests).logits
            }
        }
        return requests
    }

    /// Throws `ImageError` for numbers that make no sense, ``OpenVINOError``, ``ClassifierError/notFinite``.
    public func classify(_ image: RGBImage) throws -> Classification {
        let (logits, features) = try outputs(prepared(image))
        return try decider.decide(logits: logits, features: features)
    }

    /// Answers in the order of `images`, computed on the threads of ``Options/threads`` in throughput mode. Each is
    /// the answer that its picture gets alone.
    public func classify(_ images: [RGBImage]) throws -> [Classification] {
        try ParallelMap.run(images.count, workers: workers, name: "classify") {
            try self.classify(images[$0])
        }
    }

    /// Decodes the file as training does, then classifies. Throws `ImageError` with the path, too.
    public func classify(contentsOf url: URL) throws -> Classification {
        try classify(decode(contentsOf: url))
    }

    func decode(contentsOf url: URL) throws -> RGBImage { try decoder.decode(contentsOf: url) }

    /// One a class, before temperature and softmax.
    package func logits(_ image: RGBImage) throws -> [Float] { try outputs(prepared(image)).logits }

    /// What the head classifies, 512 numbers.
    public func features(_ image: RGBImage) throws -> [Float] { try outputs(prepared(image)).features }

    /// Of a picture that the graph takes as it is.
    func outputs(_ input: RGBImage) throws -> (logits: [Float], features: [Float]) {
        try Self.logitsAndFeatures(input, requests)
    }

    private func prepared(_ image: RGBImage) throws -> RGBImage { try Self.prepared(image, description) }

    private static func prepared(_ image: RGBImage, _ description: ModelDescription) throws -> RGBImage {
        description.input == .external ? try description.preprocessing.resizedAndCropped(image) : image
    }

    private static func logitsAndFeatures(
        _ input: RGBImage, _ requests: RequestPool
    ) throws -> (logits: [Float], features: [Float]) {
        let values = try requests.withRequest { request in
            try request.run([input])
            return (logits: try request.output(0), features: try request.output(1))
        }
        guard values.logits.allSatisfy(\.isFinite) else { throw ClassifierError.notFinite }
        return values
    }

    private static func arithmetic(
        _ precision: ModelDescription.WeightPrecision, usesBFloat16: Bool
    ) -> String {
        switch precision {
        case .float32, .float16: usesBFloat16 ? "bf16" : "fp32"
        case .int8, .dynamicInt8: precision.rawValue
        }
    }
}
