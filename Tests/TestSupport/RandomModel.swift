import Foundation
import Tailor
import TailorSupport

/// A network of random weights whose batch norms have seen pictures, and model files made of it.
public struct RandomModel {
    public static let imageSize = 64
    public let model: ResNet18
    public let classes: [String]
    public let preprocessing = Preprocessing(imageSize: imageSize)

    /// - Parameter pretrained: the bundled backbone under a random head: activations as of a real network.
    public init(classCount: Int = 3, seed: UInt64 = 1, pretrained: Bool = false) throws {
        model = try ResNet18(classCount: classCount, seed: seed)
        if pretrained, let weights = try PretrainedWeights.load(.bundled, log: { _ in }) {
            try model.load(weights.tensors, replacingHead: true)
        }
        classes = (0..<classCount).map { "class \($0)" }
        _ = try model.updateRunningStatistics(try batch(TestImage.coloredStripes(16, seed: 5)), momentum: 1)
    }

    /// `[n, 3, size, size]`, normalised.
    public func batch(_ images: [RGBImage]) throws -> Tensor {
        let values = try images.flatMap { try preprocessing.apply(to: $0) }
        return try values.withUnsafeBufferPointer {
            try Tensor.images($0, count: images.count, height: Self.imageSize, width: Self.imageSize)
        }
    }

    /// Logits by libtorch, a row a picture.
    public func logits(_ images: [RGBImage]) throws -> [[Float]] {
        let values = try model.logits(try batch(images), trainableFrom: nil).floats()
        return stride(from: 0, to: values.count, by: classes.count).map {
            Array(values[$0..<$0 + classes.count])
        }
    }

    public func description(_ precision: ModelDescription.WeightPrecision = .float32) -> ModelDescription {
        ModelDescription(
            tailorVersion: TailorVersion.current, classes: classes, preprocessing: preprocessing,
            precision: precision)
    }

    package func file(
        _ arithmetic: NetworkGraph.Arithmetic = .float32,
        _ precision: ModelDescription.WeightPrecision = .float32, withMaps: Bool = false
    ) throws -> ModelFile {
        let network = try FoldedNetwork(model)
        var description = description(precision)
        if withMaps {
            let cells = ModelDescription.Maps.cells(imageSize: Self.imageSize)
            description.maps = .init(rows: cells, columns: cells, biases: network.headBias)
        }
        return try ModelFile(
            graph: NetworkGraph.make(
                network, arithmetic: arithmetic, input: .external, preprocessing: preprocessing,
                withMaps: withMaps),
            description: description)
    }
}
