import TailorResNet

/// What is found out per task before the full run, by short runs from the fitted head: how large the learning rates
/// are, how deep the network is trained, and for how many epochs.
///
/// Candidates are thinned out successively (successive halving; Jamieson and Talwalkar, 2016): all run for a first
/// rung of steps, the best third of them for a second one twice as long, and so on until one is left.
public struct TaskSearch: Codable, Sendable, Hashable {
    /// Factors on the recipe's learning rates that are tried; not empty.
    public var rateFactors: [Double]
    /// First trained stages that are tried; empty: the recipe's phases as they are.
    public var depths: [ResNet18.Stage]
    /// Least shares of the area that random crops show, tried by the linear probe beside the recipe's.
    public var leastCropScales: [Double]
    /// Optimiser steps of a short run in the first rung.
    public var trialSteps: Int
    /// Optimiser steps of the full run, from which its epochs follow; `nil`: the epochs of the recipe's phases.
    public var fullSteps: Int?

    public init(
        rateFactors: [Double] = [0.2, 1, 4], depths: [ResNet18.Stage] = [.stem, .layer3],
        leastCropScales: [Double] = [0.1, 0.7],
        trialSteps: Int = 60,
        fullSteps: Int? = 400
    ) {
        self.rateFactors = rateFactors
        self.depths = depths
        self.leastCropScales = leastCropScales
        self.trialSteps = trialSteps
        self.fullSteps = fullSteps
    }
}
