import TailorResNet

/// What is found out per task before and by full runs: how large the learning rates are, how deep the network is
/// trained, and for how many epochs.
///
/// Where the time budget has room for two full runs or more, these try one candidate after the other: each rate, then
/// each depth at the best rate, then further seeds of the best. Where it has not, short runs from the fitted head
/// thin the candidates out successively (successive halving; Jamieson and Talwalkar, 2016): all run for a first rung
/// of steps, the best third of them for a second one twice as long, and so on until one is left.
public struct TaskSearch: Codable, Sendable, Hashable {
    /// Factors on the recipe's learning rates that are tried; not empty.
    public var rateFactors: [Double]
    /// First trained stages that are tried; empty: the recipe's phases as they are.
    public var depths: [ResNet18.Stage]
    /// Least shares of the area that random crops show, tried by the linear probe beside the recipe's.
    public var leastCropScales: [Double]
    /// Optimiser steps of a short run in the first rung.
    public var trialSteps: Int
    /// Optimiser steps of a full run, from which its epochs follow; `nil`: the epochs of the recipe's phases.
    public var fullSteps: Int?
    /// Epochs of a full run at least and at most, whatever `fullSteps` makes of them: with fewer many images are not
    /// learned, with more few are only learned by heart.
    public var fullEpochs: ClosedRange<Int>

    public init(
        rateFactors: [Double] = [1, 3, 0.3], depths: [ResNet18.Stage] = [.stem, .layer3],
        leastCropScales: [Double] = [0.1, 0.7], trialSteps: Int = 60, fullSteps: Int? = 400,
        fullEpochs: ClosedRange<Int> = Self.standardEpochs
    ) {
        self.rateFactors = rateFactors
        self.depths = depths
        self.leastCropScales = leastCropScales
        self.trialSteps = trialSteps
        self.fullSteps = fullSteps
        self.fullEpochs = fullEpochs
    }

    public static let standardEpochs = 10...20
}

extension TaskSearch {
    private enum CodingKeys: String, CodingKey {
        case rateFactors, depths, leastCropScales, trialSteps, fullSteps, fullEpochs
    }

    /// Reads recipes of earlier versions, too: those had no range of epochs.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            rateFactors: try values.decode([Double].self, forKey: .rateFactors),
            depths: try values.decode([ResNet18.Stage].self, forKey: .depths),
            leastCropScales: try values.decode([Double].self, forKey: .leastCropScales),
            trialSteps: try values.decode(Int.self, forKey: .trialSteps),
            fullSteps: try values.decodeIfPresent(Int.self, forKey: .fullSteps),
            fullEpochs: try values.decodeIfPresent(ClosedRange<Int>.self, forKey: .fullEpochs)
                ?? Self.standardEpochs)
    }
}
