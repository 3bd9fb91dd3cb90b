/// The ranges within which a recipe's numbers make sense; ``Recipe/validate()`` and the command line ask here.
public enum RecipeLimits {
    public static let batchSize = 1...65_536
    /// Of one phase, and of all together.
    public static let epochs = 1...100_000
    public static let augmentedViews = 0...1000
    /// Pairs of a learning rate and a weight decay that the linear probe tries.
    public static let probeHeads = 1...1000
    /// Gradient steps of each.
    public static let probeSteps = 1...1_000_000
    /// Sides of images, in pixels.
    public static let imageSize = 32...4096
    public static let patience = 1...100_000
    /// From 0 to below 1: momentum, label smoothing, the decay of the weight average.
    public static let fraction = 0.0..<1.0
    /// Of the warm-up and of the cosine, in epochs.
    public static let scheduleEpochs = 0.0...100_000
}
