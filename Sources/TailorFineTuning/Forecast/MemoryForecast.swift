import TailorDatasets
import TailorResNet
import TailorSupport
import TailorTensors

/// Memory that a run will take, moment by moment.
public struct MemoryForecast: Codable, Sendable, Hashable {
    public struct Part: Codable, Sendable, Hashable {
        public var name: String
        public var bytes: Int
    }

    /// A stretch of the run, with everything that is held at its height.
    public struct Moment: Codable, Sendable, Hashable {
        public var name: String
        /// In the memory of the machine.
        public var host: [Part]
        /// In that of the GPU; empty without one.
        public var gpu: [Part]

        public var hostBytes: Int { host.reduce(0) { $0 + $1.bytes } }
        public var gpuBytes: Int { gpu.reduce(0) { $0 + $1.bytes } }
    }

    public var moments: [Moment]

    /// The moment that takes the most of the machine's memory.
    public var hostPeak: Moment { moments.max { $0.hostBytes < $1.hostBytes } ?? .none }
    /// The moment that takes the most of the GPU's memory.
    public var gpuPeak: Moment { moments.max { $0.gpuBytes < $1.gpuBytes } ?? .none }

    /// Whether these bytes suffice; nil for as many as a GPU has.
    public func fits(host: Int, gpu: Int?) -> Bool {
        hostPeak.hostBytes <= host && gpuPeak.gpuBytes <= gpu ?? .max
    }
}

extension MemoryForecast.Moment {
    static let none = MemoryForecast.Moment(name: "", host: [], gpu: [])
}

extension MemoryForecast {
    /// What a run is, as far as its memory is concerned.
    public struct Setting: Sendable, Hashable {
        public var recipe: Recipe
        public var images: ForecastImages
        /// Resolved: not `auto`.
        public var precision: TrainingPrecision
        public var onGPU: Bool
        public var isPretrained: Bool
        public var resources: FineTuner.Machine.Resources
        public var workers: Int
        /// Bytes of the process before it begins.
        public var processBytes: Int

        public init(
            recipe: Recipe, images: ForecastImages, precision: TrainingPrecision, onGPU: Bool,
            isPretrained: Bool = true, resources: FineTuner.Machine.Resources = .init(), workers: Int,
            processBytes: Int = ProcessMemory.now
        ) {
            self.recipe = recipe
            self.images = images
            self.precision = precision
            self.onGPU = onGPU
            self.isPretrained = isPretrained
            self.resources = resources
            self.workers = workers
            self.processBytes = processBytes
        }

        /// Whether training normalises by statistics that stay: what is decided by measuring nearly always ends so.
        var trainsByRunningStatistics: Bool {
            recipe.batchNorm == .frozen || recipe.batchNorm == .automatic && isPretrained
        }

        /// Images of one forward and backward pass: batches of an epoch are of even size.
        var microBatchSize: Int { min(resources.microBatchSize(of: recipe, epoch: images.epoch), batchSize) }

        /// Images of one step.
        var batchSize: Int {
            let wanted = max(recipe.batchSize, 1)
            let steps = max(1, (images.epoch + wanted - 1) / wanted)
            return max(1, (images.epoch + steps - 1) / steps)
        }
    }

    public init(_ setting: Setting) { moments = MemoryAccount(setting).moments }
}
