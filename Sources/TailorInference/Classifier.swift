import Foundation
import TailorEvaluation
import TailorImages
import TailorModelFile
import TailorSupport

/// A model compiled for this processor and checked against its golden vectors.
///
/// Thread-safe. An image's answer does not depend on the images classified with it.
public final class Classifier: Sendable {
    /// Floating-point type in which a model that is not quantized computes.
    public enum ComputePrecision: String, CaseIterable, Sendable {
        /// bfloat16 if the processor supports it and the golden vectors pass, else 32 bits.
        case automatic = "auto"
        case float32 = "fp32"
        case bfloat16 = "bf16"
    }

    /// Performance hint.
    public enum Mode: Sendable {
        /// Shortest time for one image, on which all threads work.
        case latency
        /// Largest number of images in a given time: one thread an image.
        case throughput
    }

    public struct Options: Sendable {
        public var mode: Mode
        /// Number of threads.
        public var threads: Int
        public var precision: ComputePrecision
        /// Folder that caches compiled models for the next start; `nil` for none.
        public var cacheFolder: URL?
        /// Smallest probability of an accepted answer, 0...1; `nil` for the model's own.
        public var minimumProbability: Double?

        /// Number of images classified at once.
        var workers: Int { mode == .latency ? 1 : threads }

        /// Creates options, by default for one image at a time on all cores.
        ///
        /// - Parameter threads: one a core by default.
        public init(
            mode: Mode = .latency, threads: Int = ProcessorCount.available,
            precision: ComputePrecision = .float32, cacheFolder: URL? = CompiledModelCache.defaultFolder,
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
    /// Arithmetic of the compiled model: `int8`, `int8-dynamic`, `bf16` or `fp32`.
    public let arithmetic: String
    private let requests: RequestPool
    let decider: Decider
    private let decoder: ImageDecoder
    let workers: Int

    /// Reads, compiles and checks a model file. Throws `ModelFileError` for a bad file, ``ClassifierError``
    /// if its golden vectors do not pass, ``OpenVINOError`` if it cannot be compiled.
    public convenience init(contentsOf url: URL, options: Options = Options()) throws {
        try self.init(ModelFile(contentsOf: url), name: url.relativePath, options: options)
    }

    /// Compiles and checks a model; errors call it `name`.
    public convenience init(_ file: ModelFile, name: String, options: Options = Options()) throws {
        try self.init(file, options: options, checkedAs: name)
    }

    /// Compiles a model without checking its golden vectors.
    package convenience init(_ file: ModelFile, options: Options) throws {
        try self.init(file, options: options, checkedAs: nil)
    }

    private init(_ file: ModelFile, options: Options, checkedAs name: String?) throws {
        description = file.description
        decoder = file.description.preprocessing.decoder
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
        // Embedded preprocessing needs more digits for positions and grey levels than bfloat16 has.
        guard [.float32, .float16].contains(description.precision), description.input == .external else {
            return false
        }
        if precision == .float32 { return false }
        let isThere = try OpenVINOCore.shared().hasBFloat16
        // OpenVINO would take 32 bits without a word.
        if precision == .bfloat16, !isThere { throw ClassifierError.noBFloat16 }
        return isThere
    }

    /// Compiles the model and makes a request for each worker; checks the golden vectors if a name is given.
    private static func requests(
        _ file: ModelFile, _ options: Options, usesBFloat16: Bool, checkedAs name: String?
    ) throws -> RequestPool {
        let description = file.description
        let input = CompiledNetwork.Input(description)
        let settings = NetworkSettings(
            mode: options.mode, threads: options.threads, usesBFloat16: usesBFloat16)
        func requests(of network: CompiledNetwork) throws -> RequestPool {
            let requests = try RequestPool(network, count: options.workers)
            if let name {
                let arithmetic = arithmetic(description.precision, usesBFloat16: usesBFloat16)
                try GoldenCheck(description: description, arithmetic: arithmetic, name: name).run { image in
                    try outputs(prepared(image, description), requests, description, withMaps: true)
                }
            }
            return requests
        }
        // What is not checked is not kept.
        guard let folder = options.cacheFolder, name != nil else {
            return try requests(of: CompiledNetwork(onnx: file.bytes, input: input, settings: settings))
        }
        return try CompiledModelCache.network(
            folder, onnx: file.bytes, input: input, settings: settings, checked: requests)
    }

    /// Whether answers may be marked as not to be relied on.
    package var marksDoubts: Bool { decider.marksDoubts }

    /// Classifies an image. Throws `ImageError` for an invalid image, ``OpenVINOError``,
    /// ``ClassifierError/notFinite``.
    public func classify(_ image: RGBImage) throws -> Classification {
        let (logits, features) = try outputs(prepared(image))
        return try decider.decide(logits: logits, features: features)
    }

    /// Classifies images, in throughput mode on ``Options/threads`` threads; answers in the order of
    /// `images`.
    public func classify(_ images: [RGBImage]) throws -> [Classification] {
        try ParallelMap.run(images.count, workers: workers, name: "classify") {
            try self.classify(images[$0])
        }
    }

    /// Decodes a file as training does and classifies it. Throws `ImageError` with the path, too.
    public func classify(contentsOf url: URL) throws -> Classification {
        try withImage(contentsOf: url, classify)
    }

    /// Decodes a file for `use`.
    ///
    /// - Parameter watch: takes note of the file's bytes.
    func withImage<R>(
        contentsOf url: URL, watch: KnownTestImages? = nil, _ use: (RGBImage) throws -> R
    ) throws -> R {
        let data = try decoder.read(url)
        watch?.see(data)
        return try decoder.withImage(data, name: url.path) { image, _ in try use(image) }
    }

    /// Logits of an image, one a class, before temperature and softmax.
    package func logits(_ image: RGBImage) throws -> [Float] { try outputs(prepared(image)).logits }

    /// Features of an image: the 512 numbers that the head classifies.
    public func features(_ image: RGBImage) throws -> [Float] { try outputs(prepared(image)).features }

    /// Logits and features of an image that needs no further resizing.
    func outputs(_ input: RGBImage) throws -> (logits: [Float], features: [Float]) {
        let outputs = try Self.outputs(input, requests, description)
        return (outputs.logits, outputs.features)
    }

    /// All outputs of an image that needs no further resizing. Throws ``ClassifierError/noMaps(path:)`` too.
    func allOutputs(_ input: RGBImage) throws -> (Outputs, ActivationMaps) {
        guard description.maps != nil else { throw ClassifierError.noMaps }
        let outputs = try Self.outputs(input, requests, description, withMaps: true)
        guard let maps = outputs.maps else { throw ClassifierError.noMaps }
        return (outputs, maps)
    }

    func prepared(_ image: RGBImage) throws -> RGBImage { try Self.prepared(image, description) }

    private static func prepared(_ image: RGBImage, _ description: ModelDescription) throws -> RGBImage {
        description.input == .external ? try description.preprocessing.resizedAndCropped(image) : image
    }

    /// What a model gives for an image.
    struct Outputs {
        let logits: [Float]
        let features: [Float]
        let maps: ActivationMaps?
    }

    /// - Parameter withMaps: reads the maps, too, if the model has any.
    private static func outputs(
        _ input: RGBImage, _ requests: RequestPool, _ description: ModelDescription, withMaps: Bool = false
    ) throws -> Outputs {
        let count = description.classes.count
        let outputs = try requests.withRequest { request in
            try request.run([input])
            let maps = try (withMaps ? description.maps : nil).map { facts in
                try ActivationMaps(
                    classCount: count, rows: facts.rows, columns: facts.columns, values: request.output(2))
            }
            return Outputs(logits: try request.output(0), features: try request.output(1), maps: maps)
        }
        guard outputs.logits.count == count else {
            throw ClassifierError.wrongWidth(logits: outputs.logits.count, classes: count)
        }
        guard outputs.logits.allSatisfy(\.isFinite) else { throw ClassifierError.notFinite }
        return outputs
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
