import TailorSupport

/// Bootstrap intervals of the macro-averaged metrics: percentiles over stratified resamples.
public struct MacroIntervals: Sendable, Hashable {
    public let macroF1: Interval
    public let balancedAccuracy: Interval
    /// Means over the resamples, to compare with the metrics of the sample.
    public let macroF1Mean: Double
    public let balancedAccuracyMean: Double
}

extension Intervals {
    /// Percentile bootstrap (Efron 1979) of macro-F1 and balanced accuracy, resampling within each true
    /// class.
    ///
    /// Resampling within classes keeps every class at its size: the question is how far the metrics
    /// would move with other images, not with another class mix. The classes averaged are those of the
    /// original sample in every resample. A class predicted without a single error cannot vary under
    /// resampling, so a flawless result has an interval of no width; the Wilson interval of the accuracy
    /// still says how little a small sample proves. Costs samples × resamples draws (about 10 ns each).
    ///
    /// - Parameters:
    ///   - resamples: at least 2; 2,000 puts the ends within about a thousandth.
    ///   - seed: the same seed gives the same interval.
    public static func bootstrap(
        labels: [Int], predictions: [Int], classCount: Int, resamples: Int = 2000, seed: UInt64,
        confidence: Double = Intervals.confidence
    ) throws -> MacroIntervals {
        try requireConfidence(confidence)
        guard resamples >= 2 else {
            throw EvaluationError.invalidArgument(
                name: "resamples", expected: "at least 2", got: "\(resamples)")
        }
        guard !labels.isEmpty else { throw EvaluationError.empty(what: "samples") }
        try requirePairs(labels: labels, predictions: predictions, classCount: classCount)

        let strata = Strata(labels: labels, predictions: predictions, classCount: classCount)
        var generator = SeededGenerator(seed: seed)
        var macroF1: [Double] = []
        var balanced: [Double] = []
        macroF1.reserveCapacity(resamples)
        balanced.reserveCapacity(resamples)
        for _ in 0..<resamples {
            let metrics = strata.resample(using: &generator)
            macroF1.append(metrics.macroF1)
            balanced.append(metrics.balancedAccuracy)
        }
        return MacroIntervals(
            macroF1: percentileInterval(&macroF1, confidence: confidence),
            balancedAccuracy: percentileInterval(&balanced, confidence: confidence),
            macroF1Mean: mean(macroF1), balancedAccuracyMean: mean(balanced))
    }

    /// Interval that holds the middle `confidence` of `values`, by NumPy's linear interpolation; sorts
    /// `values`.
    private static func percentileInterval(_ values: inout [Double], confidence: Double) -> Interval {
        values.sort()
        func quantile(_ share: Double) -> Double {
            let position = share * Double(values.count - 1)
            let below = Int(position)
            let above = min(below + 1, values.count - 1)
            return values[below] + (values[above] - values[below]) * (position - Double(below))
        }
        return Interval(low: quantile(0.5 - confidence / 2), high: quantile(0.5 + confidence / 2))
    }
}

/// Predictions grouped by true class, from which resamples are drawn.
private struct Strata {
    /// A true class that has samples: which of them `predictions` holds at `start..<start + count`.
    struct Stratum {
        let label: Int
        let start: Int
        let count: Int
    }

    let predictions: [Int]
    let strata: [Stratum]
    let supports: [Int]
    /// Classes that occur among labels or predictions: those that macro-F1 averages.
    let present: [Int]

    init(labels: [Int], predictions: [Int], classCount: Int) {
        var groups = [[Int]](repeating: [], count: classCount)
        var isPredicted = [Bool](repeating: false, count: classCount)
        for (label, predicted) in zip(labels, predictions) {
            groups[label].append(predicted)
            isPredicted[predicted] = true
        }
        var strata: [Stratum] = []
        var flat: [Int] = []
        flat.reserveCapacity(labels.count)
        for (label, group) in groups.enumerated() where !group.isEmpty {
            strata.append(Stratum(label: label, start: flat.count, count: group.count))
            flat += group
        }
        self.predictions = flat
        self.strata = strata
        self.supports = groups.map(\.count)
        self.present = (0..<classCount).filter { !groups[$0].isEmpty || isPredicted[$0] }
    }

    func resample(
        using generator: inout SeededGenerator
    ) -> (macroF1: Double, balancedAccuracy: Double) {
        var predicted = [Int](repeating: 0, count: supports.count)
        var correct = [Int](repeating: 0, count: supports.count)
        for stratum in strata {
            var hits = 0
            for _ in 0..<stratum.count {
                // Multiply and shift maps 64 random bits onto the stratum; its bias is below 2⁻⁴⁰.
                let draw = generator.next().multipliedFullWidth(by: UInt64(stratum.count)).high
                let guess = predictions[stratum.start + Int(draw)]
                predicted[guess] += 1
                if guess == stratum.label { hits += 1 }
            }
            correct[stratum.label] = hits
        }
        var f1 = 0.0
        for index in present {
            let denominator = supports[index] + predicted[index]
            if denominator > 0 { f1 += Double(2 * correct[index]) / Double(denominator) }
        }
        return (f1 / Double(present.count), meanRecall(correct: correct, supports: supports))
    }
}
