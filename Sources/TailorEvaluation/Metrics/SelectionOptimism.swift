import TailorSupport

/// How much the result of the best of several models flatters it, because the same images picked it.
///
/// Bootstrap bias correction (Tsamardinos, Greasidou and Borboudakis, 2018, "Bootstrapping the out-of-sample
/// predictions for efficient and accurate cross-validation"): images are drawn with replacement, the model that is
/// best on those drawn is judged by those that were not; the mean of these judgements is what picking the best
/// really gives.
public struct SelectionOptimism: Codable, Sendable, Hashable {
    /// Models among which one was picked.
    public var candidates: Int
    /// Macro-F1 of the picked model on all images, 0…1.
    public var macroF1: Double
    /// What it is likely to be on images that did not pick it, at most `macroF1`.
    public var corrected: Double

    /// By how much `macroF1` is too high, 0…1.
    public var optimism: Double { macroF1 - corrected }

    /// - Parameters:
    ///   - predictions: one list a model, `[images]` each; the first of the best is picked.
    ///   - labels: `[images]`, 0 ..< classCount.
    ///   - resamples: draws; fewer for many images and models, so that it takes no longer than a second.
    /// - Returns: nil for no model, no image, or lists of different lengths.
    public init?(
        predictions: [[Int]], labels: [Int], classCount: Int, resamples: Int = 400, seed: UInt64 = 1
    ) {
        guard let count = predictions.first?.count, count == labels.count, count > 0,
            predictions.allSatisfy({ $0.count == count }), labels.allSatisfy((0..<classCount).contains)
        else { return nil }
        candidates = predictions.count
        let once = [Int](repeating: 1, count: count)
        macroF1 =
            predictions.map { Self.macroF1($0, labels, weights: once, classCount: classCount) ?? 0 }.max()
            ?? 0
        var generator = SeededGenerator(seed: seed)
        var sum = 0.0
        var judged = 0
        for _ in 0..<max(20, min(resamples, 200_000_000 / (count * predictions.count))) {
            var drawn = [Int](repeating: 0, count: count)
            for _ in 0..<count { drawn[generator.integer(below: count)] += 1 }
            let scores = predictions.map {
                Self.macroF1($0, labels, weights: drawn, classCount: classCount) ?? 0
            }
            guard let picked = scores.indices.max(by: { scores[$0] < scores[$1] }) else { continue }
            let left = drawn.map { $0 == 0 ? 1 : 0 }
            if let judgement = Self.macroF1(
                predictions[picked], labels, weights: left, classCount: classCount)
            {
                sum += judgement
                judged += 1
            }
        }
        guard judged > 0 else { return nil }
        // Fewer images make the judgements noisy, not higher: what lies above says that there was no optimism.
        corrected = min(macroF1, sum / Double(judged))
    }

    /// Macro-F1 over the classes that occur among the weighted images; nil where none has a weight.
    private static func macroF1(
        _ predictions: [Int], _ labels: [Int], weights: [Int], classCount: Int
    ) -> Double? {
        var right = [Int](repeating: 0, count: classCount)
        var expected = right
        var predicted = right
        for index in labels.indices where weights[index] > 0 {
            let label = labels[index]
            expected[label] += weights[index]
            if (0..<classCount).contains(predictions[index]) {
                predicted[predictions[index]] += weights[index]
            }
            if predictions[index] == label { right[label] += weights[index] }
        }
        let present = expected.indices.filter { expected[$0] > 0 }
        guard !present.isEmpty else { return nil }
        let sum = present.reduce(0.0) { $0 + 2 * Double(right[$1]) / Double(expected[$1] + predicted[$1]) }
        return sum / Double(present.count)
    }
}
