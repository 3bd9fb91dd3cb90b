import Foundation
import TailorFineTuning
import TailorImages
import TailorModelFile
import TailorSupport

/// `config.json` of a model folder for timm, which transformers reads as well (its TimmWrapper, since 4.48).
package struct HuggingFaceConfig: Encodable {
    /// What timm builds and how it prepares images, in its own terms.
    struct PretrainedConfig: Encodable {
        let tag = "tailor"
        let inputSize: [Int]
        let fixedInputSize = false
        let interpolation = "bilinear"
        let cropPct: Double
        let cropMode: String
        let mean: [Float]
        let std: [Float]
        let numClasses: Int
        let poolSize: [Int]
        let firstConv = "conv1"
        let classifier = "fc"

        private enum CodingKeys: String, CodingKey {
            case tag
            case inputSize = "input_size"
            case fixedInputSize = "fixed_input_size"
            case interpolation
            case cropPct = "crop_pct"
            case cropMode = "crop_mode"
            case mean, std
            case numClasses = "num_classes"
            case poolSize = "pool_size"
            case firstConv = "first_conv"
            case classifier
        }
    }

    /// What neither library has a place for.
    struct Origin: Encodable {
        let version = TailorVersion.current
        /// Divisor of the logits before the softmax.
        let temperature: Double
        let preprocessing: Preprocessing
        /// SHA-256 of the run's weights.
        let network: String?
        /// SHA-256 of the weights' file beside.
        let weights: String
        /// See ``SignedText``.
        let signature = SignedText.blank
    }

    let architecture = "resnet18"
    let numClasses: Int
    let numFeatures = 512
    let globalPool = "avg"
    let labelNames: [String]
    let pretrainedConfig: PretrainedConfig
    let tailor: Origin

    private enum CodingKeys: String, CodingKey {
        case architecture
        case numClasses = "num_classes"
        case numFeatures = "num_features"
        case globalPool = "global_pool"
        case labelNames = "label_names"
        case pretrainedConfig = "pretrained_cfg"
        case tailor
    }

    /// - Parameter weights: SHA-256 of the weights' file.
    package init(_ record: RunRecord, temperature: Double, weights: String) {
        let preprocessing = record.preprocessing
        let side = preprocessing.imageSize
        let cells = ModelDescription.Maps.cells(imageSize: side)
        numClasses = record.classes.count
        labelNames = record.classes
        pretrainedConfig = PretrainedConfig(
            inputSize: [3, side, side], cropPct: Self.cropShare(preprocessing),
            cropMode: Self.cropMode(preprocessing.fit), mean: preprocessing.mean,
            std: preprocessing.standardDeviation, numClasses: record.classes.count, poolSize: [cells, cells])
        tailor = Origin(
            temperature: temperature, preprocessing: preprocessing, network: record.best?.sha256,
            weights: weights)
    }

    private static func cropMode(_ fit: Preprocessing.Fit) -> String {
        switch fit {
        case .crop: "center"
        case .pad: "border"
        case .squash: "squash"
        }
    }

    /// Share of the resized short side that the crop keeps; timm resizes to ⌊size / share⌋, which must be
    /// `resizeShortSide` in spite of rounding.
    package static func cropShare(_ preprocessing: Preprocessing) -> Double {
        guard preprocessing.fit == .crop else { return 1 }
        let (size, wanted) = (Double(preprocessing.imageSize), Double(preprocessing.resizeShortSide))
        var share = size / wanted
        while (size / share).rounded(.down) < wanted { share = share.nextDown }
        return share
    }
}
