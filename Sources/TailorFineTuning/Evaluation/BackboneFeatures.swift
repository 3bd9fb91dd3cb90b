import TailorAudit
import TailorDatasets
import TailorImages
import TailorResNet
import TailorTensors

/// Features of images from a pretrained backbone, before anything is trained: for audits of a dataset.
package struct BackboneFeatures {
    private let runner: ModelRunner

    /// - Parameters:
    ///   - weights: `nil` starts from random weights, of little use here.
    ///   - imageSize: side of the centre crop, pixels.
    ///   - intensityRange: samples of 16-bit images that become black and white.
    package init(
        weights: LoadedWeights?, machine: FineTuner.Machine, imageSize: Int,
        intensityRange: IntensityRange? = nil
    ) throws {
        let model = try ResNet18(classCount: 2, seed: 0)
        if let weights { try model.load(weights.tensors, replacingHead: true) }
        try model.move(to: machine.device)
        runner = ModelRunner(
            model: model, device: machine.device,
            autocast: TrainingPrecision.automatic.resolved(on: machine.device).autocastType,
            preprocessing: Preprocessing(imageSize: imageSize, intensityRange: intensityRange),
            workers: machine.workers)
    }

    /// The backbone under a linear classifier of its features, in 32 bits: for logits, and for maps of where in an image
    /// they come from. Throws ``WeightsMismatch`` for one of another size.
    package func runner(under head: LinearHead) throws -> ModelRunner {
        let classCount = head.biases.count
        let model = try ResNet18(classCount: classCount, seed: 0)
        var tensors = Dictionary(runner.model.stateDictionary(), uniquingKeysWith: { first, _ in first })
        tensors["fc.weight"] = try Tensor(
            head.weights.flatMap { $0 }, shape: [classCount, head.weights.first?.count ?? 0])
        tensors["fc.bias"] = try Tensor(head.biases, shape: [classCount])
        try model.load(tensors, replacingHead: false)
        try model.move(to: runner.device)
        return ModelRunner(
            model: model, device: runner.device, autocast: nil, preprocessing: runner.preprocessing,
            workers: runner.workers)
    }

    /// Side of the input at which features are computed, pixels: 224, and for small images half as much again as they
    /// have, because all that more would add is time. Of many images less, down to 160: labels are judged by more
    /// neighbours then, and the time goes with the square.
    package static func imageSize(shortSide: Int, count: Int) -> Int {
        let share = Double(min(count, 512)) / Double(max(count, 1))
        let affordable = Int(160 * (1 + share).squareRoot()) / 8 * 8
        return max(64, min(affordable, (shortSide * 3 / 2 + 31) / 32 * 32))
    }

    /// Images that are timed for a forecast, after a first batch that takes longer.
    private static let timedImages = 256

    /// `[images, 512]` row by row, by the batch-norm statistics of the pretrained network: those of a few hundred
    /// images of one kind tell the classes apart less well. What `cache` holds is not decoded again.
    ///
    /// - Parameter forecast: called at most once, after some images, with the seconds that all will probably take.
    package func values(
        of samples: [Sample], cache: DecodedImageCache, forecast: ((Double) -> Void)? = nil,
        progress: ((Int) -> Void)? = nil
    ) throws -> [Float] {
        guard !samples.isEmpty else { return [] }
        let runner = runner.caching(in: cache)
        var first: (done: Int, time: ContinuousClock.Instant)?
        var isForecast = false
        return try runner.features(samples) { done in
            progress?(done)
            guard let start = first else {
                first = (done, .now)
                return
            }
            guard !isForecast, done - start.done >= Self.timedImages else { return }
            isForecast = true
            let perImage = (ContinuousClock.now - start.time) / .seconds(1) / Double(done - start.done)
            forecast?(perImage * Double(samples.count))
        }.features.floats()
    }
}
