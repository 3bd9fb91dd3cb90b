import TailorResNet
import TailorTensors

/// What is held at a moment of a run, part by part.
struct MemoryAccount {
    typealias Part = MemoryForecast.Part
    typealias Moment = MemoryForecast.Moment

    let setting: MemoryForecast.Setting
    var recipe: Recipe { setting.recipe }
    var images: ForecastImages { setting.images }

    init(_ setting: MemoryForecast.Setting) { self.setting = setting }

    var stateBytes: Int { ResNet18.stateBytes(classCount: images.classes) }

    func parameterBytes(from first: ResNet18.Stage) -> Int {
        4 * ResNet18.parameterCount(from: first, classCount: images.classes)
    }

    var measuresStatistics: Bool {
        recipe.estimatesStatistics(isPretrained: setting.isPretrained)
    }

    /// The process itself, its libraries and the decoded images.
    var ground: [Part] {
        let count = images.train + images.validation
        return [
            Part(name: "program and libraries", bytes: setting.processBytes + Self.laterLibraryBytes),
            Part(
                name: "decoded images",
                bytes: min(setting.resources.cacheBytes, images.decodedBytes) + count * Self.imageRecordBytes),
        ]
    }

    /// Code and tables that libtorch and oneDNN load or make once they compute.
    static let laterLibraryBytes = 72 << 20
    /// Path, label, hashes and thumbnail of an image.
    static let imageRecordBytes = 8 << 10
    /// A CUDA context with the kernels of cuDNN and cuBLAS.
    static let gpuContextBytes = 500 << 20

    /// What is freed and kept for the next step, of what tensors take (``TorchRuntime/keepFreedMemory()``): an eighth
    /// at most, nearly all of it in use.
    static let keptShare = 0.11
    static let keptBytes = 10 << 20

    func moment(_ name: String, host: [Part], device: [Part]) -> Moment {
        guard setting.onGPU else {
            let tensors = device.reduce(0) { $0 + $1.bytes }
            let kept = Part(
                name: "kept for the next step", bytes: Self.keptBytes + Int(Double(tensors) * Self.keptShare))
            return Moment(
                name: name, host: (ground + host + device + [kept]).filter { $0.bytes > 0 }, gpu: [])
        }
        return Moment(
            name: name, host: (ground + host).filter { $0.bytes > 0 },
            gpu: ([Part(name: "CUDA context", bytes: Self.gpuContextBytes)] + device).filter { $0.bytes > 0 })
    }

    var loadedWeights: Part {
        Part(
            name: "pretrained weights",
            bytes: setting.isPretrained ? ResNet18.stateBytes(classCount: 1000) : 0)
    }

    /// The network, and the average of its weights.
    var network: [Part] {
        [
            Part(name: "network", bytes: stateBytes),
            Part(
                name: "average of the weights",
                bytes: recipe.weightAveraging == nil ? 0 : parameterBytes(from: .stem)),
        ]
    }

    func optimizer(from first: ResNet18.Stage) -> Part {
        Part(name: "optimiser", bytes: recipe.optimizer.rememberedCount * parameterBytes(from: first))
    }

    /// Weights that wait for the next checkpoint, and the best of the run under way where several are averaged.
    var keptWeights: Part {
        Part(name: "best weights", bytes: (recipe.averagesRuns ? 2 : 1) * stateBytes)
    }

    func loader(_ batch: Int, of count: Int, imageSize: Int) -> Part {
        let batch = min(batch, max(count, 1))
        let batches = (count + batch - 1) / batch
        let buffers = min(batches, setting.resources.prefetch + 1)
        return Part(name: "batches loaded ahead", bytes: buffers * batch * imageSize * imageSize * 3 * 4)
    }

    func pass(
        _ count: Int, imageSize: Int, from first: ResNet18.Stage?, statistics: ResNet18.NormStatistics
    ) -> Int {
        PassMemory(
            images: count, imageSize: imageSize, classCount: images.classes, trainableFrom: first,
            statistics: statistics, autocast: setting.precision.autocastType
        ).peak
    }

    /// A pass over images without gradients: evaluation, features.
    func forward(_ count: Int, imageSize: Int? = nil) -> Part {
        Part(
            name: "activations",
            bytes: pass(
                min(setting.resources.evaluationBatchSize, max(count, 1)),
                imageSize: imageSize ?? recipe.preprocessing.imageSize, from: nil, statistics: .running))
    }

    /// A step: activations and gradients of the first pass or a later one.
    func step(from first: ResNet18.Stage, imageSize: Int) -> Part {
        let batch = setting.batchSize
        let micro = setting.microBatchSize
        let held = pass(
            micro, imageSize: imageSize, from: first,
            statistics: setting.trainsByRunningStatistics ? .running : .batch)
        // A part of a batch is a view of it; the gradients of the parts before it wait.
        let isWhole = micro >= batch
        let imageBytes = imageSize * imageSize * 3 * 4
        return Part(
            name: "activations and gradients",
            bytes: held + (isWhole ? 0 : (batch - micro) * imageBytes + parameterBytes(from: first)))
    }
}
