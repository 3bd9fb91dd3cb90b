import TailorDatasets
import TailorEvaluation
import TailorImages
import TailorResNet
import TailorTensors

/// Runs a network in evaluation mode over files, in order, with the evaluation transform.
package struct ModelRunner {
    package let model: ResNet18
    package let device: Device
    /// Type of the arithmetic; `nil`: the parameters' own, 32 bits.
    package let autocast: DType?
    package var preprocessing: Preprocessing
    package let workers: Int
    package let batchSize: Int
    /// Images that batch-norm statistics are estimated on at a time: part of what is computed.
    let statisticsBatchSize: Int
    /// Batches that are loaded ahead.
    package let prefetch: Int
    private(set) var cache: DecodedImageCache?

    package init(
        model: ResNet18, device: Device, autocast: DType?, preprocessing: Preprocessing, workers: Int,
        batchSize: Int = 64, statisticsBatchSize: Int? = nil, prefetch: Int = 3,
        cache: DecodedImageCache? = nil
    ) {
        self.model = model
        self.device = device
        self.autocast = autocast
        self.preprocessing = preprocessing
        self.workers = workers
        self.batchSize = batchSize
        self.statisticsBatchSize = statisticsBatchSize ?? batchSize
        self.prefetch = prefetch
        self.cache = cache
    }

    /// This runner with a cache of its own, for files that are read more than once in one call.
    func caching(in cache: DecodedImageCache = DecodedImageCache()) -> ModelRunner {
        var copy = self
        copy.cache = cache
        return copy
    }

    /// `[samples, classes]`, before the softmax. Throws ``EvaluationError`` when one is not finite.
    package func logits(_ samples: [Sample], progress: ((Int) throws -> Void)? = nil) throws -> ScoreMatrix {
        try collect(samples, progress: progress) { try model.logits($0, trainableFrom: nil) }.scores()
    }

    /// A random view of every image instead of the evaluation transform's.
    struct AugmentedView {
        let augmentation: Augmentation
        let imageSize: Int
        let seed: UInt64
        let index: Int
    }

    /// `[samples, 512]`, 32 bits, on the device.
    func features(
        _ samples: [Sample], view: AugmentedView? = nil, progress: ((Int) throws -> Void)? = nil
    ) throws -> FeatureSet {
        FeatureSet(
            features: try collect(samples, view: view, progress: progress) { try model.features($0) },
            labels: samples.map(\.label))
    }

    private func collect(
        _ samples: [Sample], view: AugmentedView? = nil, progress: ((Int) throws -> Void)?,
        _ forward: (Tensor) throws -> Tensor
    ) throws
        -> Tensor
    {
        try forEachBatch(samples, view: view, progress: progress) { images in
            try withAutocast(autocast, device: device) { try forward(images) }.to(.float32)
        }
    }

    func forEachBatch(
        _ samples: [Sample], view: AugmentedView? = nil, batchSize: Int? = nil,
        progress: ((Int) throws -> Void)?, _ body: (Tensor) throws -> Tensor
    ) throws
        -> Tensor
    {
        let loader = try BatchLoader(
            samples: samples, order: Array(samples.indices), batchSize: batchSize ?? self.batchSize,
            transform: SampleTransform(
                preprocessing: preprocessing, augmentation: view?.augmentation, trainSize: view?.imageSize),
            workers: workers, seed: view?.seed ?? 0,
            // Draws of its own, that no epoch of training makes again.
            epoch: view.map { Int(UInt32.max) - $0.index } ?? 0, prefetch: prefetch,
            decoder: preprocessing.decoder, cache: cache)
        defer { loader.stop() }
        var parts: [Tensor] = []
        var done = 0
        while let batch = try loader.next() {
            try withoutGradients {
                parts.append(try body(try batch.images().to(device)))
            }
            done += batch.count
            try progress?(done)
        }
        return try Tensor.cat(parts)
    }

    /// Replaces the batch-norm statistics by those of at most `limit` of the samples, each image counting
    /// alike. Returns how many images were used.
    package func recalibrateBatchNorm(
        _ samples: [Sample], limit: Int = 512, seed: UInt64, progress: ((Int) throws -> Void)? = nil
    ) throws -> Int {
        let order = EpochSampler(labels: samples.map(\.label), seed: seed).order(epoch: 0)
        var chosen = order.prefix(limit).map { samples[$0] }
        // A last batch of one image may have no variance; a single image tells nothing.
        if ResNet18.isSingleValue(
            count: chosen.count % statisticsBatchSize, imageSize: preprocessing.imageSize)
        {
            chosen.removeLast()
        }
        guard !chosen.isEmpty else { return 0 }
        try model.resetRunningStatistics()
        var seen = 0
        _ = try forEachBatch(chosen, batchSize: statisticsBatchSize, progress: progress) { images in
            // A cumulative mean: a batch enters with its share of the images so far.
            let count = images.shape[0]
            seen += count
            return try model.updateRunningStatistics(images, momentum: Double(count) / Double(seen))
        }
        return chosen.count
    }
}

extension BatchLoader.Batch {
    /// `[count, 3, height, width]`, channels last in memory.
    func images() throws -> Tensor {
        try pixels.withUnsafeBufferPointer {
            try Tensor.images($0, count: count, height: height, width: width)
        }
    }
}

extension Tensor {
    /// A matrix as scores.
    func scores() throws -> ScoreMatrix {
        try ScoreMatrix(try floats(), classCount: shape[1])
    }
}
