import TailorDatasets

extension Imbalance {
    /// Loss weights in the order of the classes, `nil` where all classes count alike.
    ///
    /// Throws `ClassWeightsError` when explicit weights do not name exactly the classes.
    package func classWeights(counts: [Int], classes: ClassList) throws -> [Double]? {
        switch self {
        case .none, .oversample: return nil
        case .automatic:
            guard let least = counts.min(), let most = counts.max(), least > 0,
                Double(most) > 1.2 * Double(least)
            else { return nil }
            return Balance.moderateClassWeights(counts)
        case .balanced: return Balance.balancedClassWeights(counts)
        case .weights(let text): return try Balance.classWeights(parsing: text, classes: classes)
        }
    }
}
