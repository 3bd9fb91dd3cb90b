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
        weights: LoadedWeights?, machine: FineTuner.Machine, imageSize: Int = 224,
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

    /// `[images, 512]` row by row, by the batch-norm statistics of the pretrained network: those of a few hundred
    /// images of one kind tell the classes apart less well. What `cache` holds is not decoded again.
    package func values(
        of samples: [Sample], cache: DecodedImageCache, progress: ((Int) -> Void)? = nil
    ) throws -> [Float] {
        guard !samples.isEmpty else { return [] }
        let runner = runner.caching(in: cache)
        return try runner.features(samples) { progress?($0) }.features.floats()
    }
}
