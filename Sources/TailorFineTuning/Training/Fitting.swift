import TailorDatasets
import TailorResNet
import TailorTensors

/// A network with what fits it step by step: optimiser, moving average of the weights, gradient scaling.
package final class Fitting {
    /// What is fitted how: the recipe with everything decided that it leaves open.
    var recipe: Recipe
    let model: ResNet18
    let staged: StagedOptimizer
    let average: WeightAverage?
    let scaler: GradientScaler?
    /// Images a pass holds; falls when the device runs out of memory.
    private(set) var microBatchSize: Int
    /// Told of the new `microBatchSize` when the device ran out of memory.
    var outOfMemory: (Int) -> Void = { _ in }
    private let resources: Resources

    /// What all fittings of one run share.
    package struct Resources {
        let device: Device
        /// Type of the arithmetic; `nil`: 32 bits.
        let autocast: DType?
        /// Loss weight of each class; `nil`: all count alike.
        let classWeights: [Double]?
        /// The same as a tensor on the device.
        let classWeightsTensor: Tensor?
        let scalesGradients: Bool

        package init(
            device: Device, autocast: DType?, classWeights: [Double]?, classWeightsTensor: Tensor?,
            scalesGradients: Bool
        ) {
            self.device = device
            self.autocast = autocast
            self.classWeights = classWeights
            self.classWeightsTensor = classWeightsTensor
            self.scalesGradients = scalesGradients
        }
    }

    /// Throws `TensorError` for numbers that the optimiser refuses.
    package init(_ recipe: Recipe, of model: ResNet18, resources: Resources, microBatchSize: Int) throws {
        self.recipe = recipe
        self.model = model
        self.resources = resources
        self.microBatchSize = microBatchSize
        staged = try StagedOptimizer(recipe, for: model)
        let parameters = model.parameters.map { ParameterGroup.Parameter(name: $0.name, tensor: $0.tensor) }
        average = recipe.weightAveraging == nil ? nil : try WeightAverage(of: parameters)
        scaler = resources.scalesGradients ? GradientScaler() : nil
    }

    var optimizer: any Optimizer { staged.optimizer }

    /// Takes over what a checkpoint says beside tensors.
    func resume(_ state: TrainingState) {
        microBatchSize = state.microBatchSize
        if let saved = state.gradientScale { scaler?.state = saved }
        if let plan = state.plan { recipe = plan }
    }

    /// Runs `body` with the weights that are validated and saved in the network: the moving average where the
    /// recipe has one, else those of the last step.
    func withWeightsToKeep<R>(_ body: () throws -> R) throws -> R {
        try average?.withAverages(body) ?? body()
    }

    /// Takes one optimiser step and returns the loss. When the GPU's memory does not suffice, the batch is cut into
    /// smaller parts whose gradients are summed, and the step is tried again.
    ///
    /// - Parameters:
    ///   - batch: labelled images.
    ///   - first: first trained stage.
    ///   - factor: of the recipe's learning rates.
    ///   - step: steps taken before this one.
    /// - Throws: ``LossNotFinite`` before anything has changed.
    package func step(
        _ batch: LabelledImages, trainableFrom first: ResNet18.Stage, factor: Double, step: Int
    ) throws -> Double {
        try staged.setLearningRates(recipe.learningRates, factor: factor)
        let loss = try MemoryRetry.run(&microBatchSize) { size in
            let loss = try forwardBackward(batch, trainableFrom: first, microBatchSize: size)
            guard loss.isFinite else { throw LossNotFinite() }
            try applyGradients()
            return loss
        } discard: { smaller in
            optimizer.clearGradients()
            scaler?.discardStep()
            try TorchRuntime.releaseCachedMemory(resources.device)
            outOfMemory(smaller)
        }
        // The step is taken: what fails from here on must not take it again.
        try scaler?.update()
        if let decay = recipe.weightAveraging {
            try average?.update(decay: min(decay, Double(1 + step) / Double(10 + step)))
        }
        return loss
    }

    private func forwardBackward(
        _ batch: LabelledImages, trainableFrom first: ResNet18.Stage, microBatchSize: Int
    ) throws -> Double {
        optimizer.clearGradients()
        let images = try batch.images().to(resources.device)
        let targets = try Tensor(batch.labels, shape: [batch.count]).to(resources.device)
        func weight(_ labels: ArraySlice<Int64>) -> Double {
            resources.classWeights.map { weights in labels.reduce(0) { $0 + weights[Int($1)] } }
                ?? Double(labels.count)
        }
        let total = weight(batch.labels[...])
        var loss = 0.0
        var start = 0
        while start < batch.count {
            let length = min(microBatchSize, batch.count - start)
            let whole = length == batch.count
            let part = whole ? images : try images.narrow(0, start: start, length: length)
            let partTargets = whole ? targets : try targets.narrow(0, start: start, length: length)
            let logits = try withAutocast(resources.autocast, device: resources.device) {
                let isSingle = ResNet18.isSingleValue(count: length, imageSize: batch.imageSize)
                return try model.logits(
                    part, trainableFrom: first,
                    statistics: recipe.batchNorm == .frozen || isSingle ? .running : .batch)
            }
            // Each part's mean counts by its share of the weights, so that cutting changes no gradient
            // (batch-norm statistics aside).
            let share = total > 0 ? weight(batch.labels[start..<start + length]) / total : 0
            var objective = try crossEntropy(
                logits.to(.float32), targets: partTargets, classWeights: resources.classWeightsTensor,
                labelSmoothing: recipe.labelSmoothing)
            if !whole { objective = try objective.multiplied(by: share) }
            loss += try objective.item()
            try (scaler?.scale(objective) ?? objective).backward()
            start += length
        }
        return loss
    }

    private func applyGradients() throws {
        try scaler?.unscale(optimizer)
        if let maximum = recipe.gradientClipping {
            _ = try clipGradientNorm(model.parameters.map(\.tensor), maximum: maximum)
        }
        if let scaler { try scaler.step(optimizer) } else { try optimizer.step() }
    }
}

/// A batch of images with their classes.
package struct LabelledImages {
    let labels: [Int64]
    /// Side of the images, pixels.
    let imageSize: Int
    /// `[count, 3, imageSize, imageSize]` on the CPU; called again where a step is tried again.
    let images: () throws -> Tensor

    var count: Int { labels.count }

    package init(labels: [Int64], imageSize: Int, images: @escaping () throws -> Tensor) {
        self.labels = labels
        self.imageSize = imageSize
        self.images = images
    }

    init(_ batch: BatchLoader.Batch) {
        self.init(labels: batch.labels, imageSize: batch.height) { try batch.images() }
    }
}

/// The training loss became infinite or NaN: the rates are too high.
struct LossNotFinite: Error {}
