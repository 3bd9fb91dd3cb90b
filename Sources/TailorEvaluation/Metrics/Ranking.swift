/// Ranking metrics of scores: AUROC and average precision.
public enum Ranking {
    /// Area under the ROC curve: the probability that a positive outscores a negative, ties half.
    ///
    /// - Returns: 0...1, or `nil` unless there is at least one positive and one negative.
    public static func auroc(scores: [Double], isPositive: [Bool]) throws -> Double? {
        try requireSameCount(scores, isPositive)
        let order = scores.indices.sorted { scores[$0] < scores[$1] }
        var positives = 0
        var rankSum = 0.0
        var start = 0
        while start < order.count {
            var end = start
            while end < order.count, scores[order[end]] == scores[order[start]] { end += 1 }
            // Equal scores share the mean of their ranks (1-based), which is what makes ties count half.
            let rank = Double(start + 1 + end) / 2
            for position in start..<end where isPositive[order[position]] {
                positives += 1
                rankSum += rank
            }
            start = end
        }
        let negatives = scores.count - positives
        guard positives > 0, negatives > 0 else { return nil }
        let p = Double(positives)
        return (rankSum - p * (p + 1) / 2) / (p * Double(negatives))
    }

    /// Average precision: Σ (Rₙ − Rₙ₋₁)·Pₙ over the distinct thresholds, as scikit-learn defines it.
    ///
    /// - Returns: 0...1, or `nil` when there is no positive.
    public static func averagePrecision(scores: [Double], isPositive: [Bool]) throws -> Double? {
        try requireSameCount(scores, isPositive)
        let total = isPositive.count { $0 }
        guard total > 0 else { return nil }
        let order = scores.indices.sorted { scores[$0] > scores[$1] }
        var found = 0
        var sum = 0.0
        var start = 0
        while start < order.count {
            var end = start
            var foundHere = 0
            while end < order.count, scores[order[end]] == scores[order[start]] {
                if isPositive[order[end]] { foundHere += 1 }
                end += 1
            }
            found += foundHere
            sum += Double(foundHere) / Double(total) * Double(found) / Double(end)
            start = end
        }
        return sum
    }

    /// AUROC of each class against the rest; `nil` if the class or the rest has no sample.
    public static func aurocPerClass(_ probabilities: ScoreMatrix, labels: [Int]) throws -> [Double?] {
        try perClass(probabilities, labels: labels, auroc)
    }

    /// Average precision of each class against the rest; `nil` if the class has no sample.
    public static func averagePrecisionPerClass(
        _ probabilities: ScoreMatrix, labels: [Int]
    ) throws -> [Double?] {
        try perClass(probabilities, labels: labels, averagePrecision)
    }

    /// AUROC of the second of two classes, otherwise the one-versus-rest mean over the classes for which it
    /// is defined; `nil` if there are none.
    public static func auroc(_ probabilities: ScoreMatrix, labels: [Int]) throws -> Double? {
        if probabilities.classCount == 2 {
            try probabilities.require(labels: labels)
            return try auroc(scores: probabilities.column(1), isPositive: labels.map { $0 == 1 })
        }
        let defined = try aurocPerClass(probabilities, labels: labels).compactMap { $0 }
        return defined.isEmpty ? nil : mean(defined)
    }

    /// Mean average precision over the classes that have samples.
    ///
    /// Two classes are averaged, too: which of them is the positive one is not known here.
    public static func averagePrecision(_ probabilities: ScoreMatrix, labels: [Int]) throws -> Double? {
        let defined = try averagePrecisionPerClass(probabilities, labels: labels).compactMap { $0 }
        return defined.isEmpty ? nil : mean(defined)
    }

    private static func perClass(
        _ probabilities: ScoreMatrix, labels: [Int], _ measure: ([Double], [Bool]) throws -> Double?
    ) throws -> [Double?] {
        try probabilities.require(labels: labels)
        return try (0..<probabilities.classCount).map { index in
            try measure(probabilities.column(index), labels.map { $0 == index })
        }
    }

    private static func requireSameCount(_ scores: [Double], _ isPositive: [Bool]) throws {
        guard scores.count == isPositive.count else {
            throw EvaluationError.countMismatch(
                what: "truth values", expected: scores.count, got: isPositive.count)
        }
        if let bad = scores.firstIndex(where: { !$0.isFinite }) {
            throw EvaluationError.notFinite(what: "scores", row: bad, column: 0, value: "\(scores[bad])")
        }
    }
}
