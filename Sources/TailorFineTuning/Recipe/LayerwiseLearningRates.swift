import Foundation
import TailorResNet

/// Peak learning rate of each stage: small where the pretrained features are general, large where the
/// task is new (Howard and Ruder, 2018, "discriminative fine-tuning").
public struct LayerwiseLearningRates: Codable, Sendable, Hashable {
    public var stem: Double
    public var layer1: Double
    public var layer2: Double
    public var layer3: Double
    public var layer4: Double
    public var head: Double

    public init(stem: Double, layer1: Double, layer2: Double, layer3: Double, layer4: Double, head: Double) {
        self.stem = stem
        self.layer1 = layer1
        self.layer2 = layer2
        self.layer3 = layer3
        self.layer4 = layer4
        self.head = head
    }

    /// Geometric steps from layer1 to layer4, the guide's shape: 0.001 … 0.01, head 0.1.
    public static func geometric(layer1: Double, layer4: Double, head: Double) -> Self {
        func step(_ index: Double) -> Double {
            layer1 * pow(layer4 / layer1, index / 3)
        }
        return Self(
            stem: layer1, layer1: layer1, layer2: step(1), layer3: step(2), layer4: layer4, head: head)
    }

    public static func uniform(_ rate: Double) -> Self {
        Self(stem: rate, layer1: rate, layer2: rate, layer3: rate, layer4: rate, head: rate)
    }

    public subscript(stage: ResNet18.Stage) -> Double {
        get { self[keyPath: Self.path(of: stage)] }
        set { self[keyPath: Self.path(of: stage)] = newValue }
    }

    private static func path(of stage: ResNet18.Stage) -> WritableKeyPath<Self, Double> {
        switch stage {
        case .stem: \.stem
        case .layer1: \.layer1
        case .layer2: \.layer2
        case .layer3: \.layer3
        case .layer4: \.layer4
        case .head: \.head
        }
    }

    /// Rates of one optimiser step: every rate times `factor`, and 0 below `lowest`, which is frozen.
    public func effective(factor: Double, trainableFrom lowest: ResNet18.Stage) -> Self {
        var rates = self
        for stage in ResNet18.Stage.allCases { rates[stage] = stage < lowest ? 0 : rates[stage] * factor }
        return rates
    }

    /// All rates times one factor, chosen so that the head's becomes `rate`.
    public func scaled(headTo rate: Double) -> Self {
        let factor = rate / head
        return Self(
            stem: stem * factor, layer1: layer1 * factor, layer2: layer2 * factor, layer3: layer3 * factor,
            layer4: layer4 * factor, head: rate)
    }
}
