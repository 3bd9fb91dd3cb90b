import Foundation
import TailorSupport
import TailorTensors

/// Multinomial logistic regression with an L2 penalty: minimises
///
///     Σ wᵢ · crossEntropyᵢ / Σ wᵢ + strength / 2 · ‖weight‖²
///
/// over weight and bias, where wᵢ is the weight of image i's class and the bias is not penalised. In
/// scikit-learn's terms: strength = 1 / (C · Σ wᵢ), and half of that with two classes, which it
/// describes by one row of weights.
///
/// Features are centred and turned onto the axes of their covariance, where its eigenvalues are a good guess of the
/// Hessian; L-BFGS starts each strength from the solution of the one before. All of it is in Double on the CPU.
package struct LogisticRegression {
    /// Solution for one strength: `logits = features · weightᵀ + bias`.
    package struct Fit {
        package let strength: Double
        /// Row-major `[classes, features]`.
        package let weight: [Double]
        /// `[classes]`
        package let bias: [Double]
        /// Weighted mean of the cross-entropy in nats, without the penalty.
        package let loss: Double
        /// Euclidean norm of the objective's gradient at the solution.
        package let gradientNorm: Double
        package let iterations: Int
        /// Whether the objective is within the tolerance of its minimum.
        package let isConverged: Bool
    }

    /// Nats by which the objective may lie above its minimum, unless the caller says otherwise.
    package static let tolerance = 1e-10

    package let classCount: Int
    private let problem: RotatedFeatures
    private let objective: CrossEntropyObjective
    /// Classes that the fit knows: those with an image whose weight is above 0.
    private let present: [Int]
    private let imageCount: Int

    /// Mean of the features' variances.
    package var meanVariance: Double {
        problem.variances.reduce(0, +) / Double(problem.featureCount)
    }

    /// Prepares the features; every fit uses them again.
    ///
    /// - Parameters:
    ///   - features: `[images, features]`, finite.
    ///   - labels: one an image, 0 ..< classCount.
    ///   - classWeights: `[classes]`, finite, 0 or more, not all of them 0; nil counts all images alike.
    /// - Throws: ``LogisticRegressionError`` for anything else, `TensorError`.
    package init(features: Tensor, labels: [Int], classCount: Int, classWeights: [Double]? = nil) throws {
        let shape = features.shape
        guard shape.count == 2, shape[0] > 0, shape[1] > 0, shape[0] == labels.count else {
            throw LogisticRegressionError.shape(features: shape, labels: labels.count)
        }
        if let index = labels.firstIndex(where: { !(0..<classCount).contains($0) }) {
            throw LogisticRegressionError.label(labels[index], image: index, classCount: classCount)
        }
        let weights = classWeights ?? Array(repeating: 1, count: classCount)
        let total = labels.reduce(0.0) { $0 + ($1 < weights.count ? weights[$1] : .nan) }
        guard weights.count == classCount, weights.allSatisfy({ $0.isFinite && $0 >= 0 }), total > 0,
            total.isFinite
        else { throw LogisticRegressionError.classWeights(weights, classCount: classCount) }
        self.classCount = classCount
        imageCount = labels.count
        present = Set(labels).filter { weights[$0] > 0 }.sorted()
        var row = [Int](repeating: 0, count: classCount)
        for (index, name) in present.enumerated() { row[name] = index }
        problem = try RotatedFeatures(features)
        objective = try CrossEntropyObjective(
            inputs: problem.blocks, targets: labels.map { row[$0] },
            weights: labels.map { weights[$0] / total }, classCount: present.count)
    }

    /// Fits one strength after the other, each starting where the one before ended: from strong to weak is fast.
    ///
    /// - Parameters:
    ///   - strengths: finite and above 0.
    ///   - tolerance: nats by which the objective may lie above its minimum.
    ///   - keepGoing: called before every evaluation; what it throws ends the fit.
    ///   - isEnough: asked after every strength; true leaves those after it out.
    /// - Throws: ``LogisticRegressionError``, `TensorError`, and what the closures throw.
    package func fit(
        strengths: [Double], tolerance: Double = Self.tolerance, keepGoing: () throws -> Void = {},
        isEnough: (Fit) throws -> Bool = { _ in false }
    ) throws -> [Fit] {
        if let wrong = strengths.first(where: { !($0.isFinite && $0 > 0) }) {
            throw LogisticRegressionError.strength(wrong)
        }
        let classes = present.count
        let axes = problem.variances.count
        var point = [Double](repeating: 0, count: classes * (axes + 1))
        var fits: [Fit] = []
        for strength in strengths {
            // p · (1 − p) is at most 1/4; the penalty does not bend the biases.
            let row = problem.variances.map { $0 / 4 + strength }
            let curvature =
                Array(repeatElement(row, count: classes).joined())
                + Array(repeating: 0.25, count: classes)
            // The penalty bends every direction by `strength` at least, so that the objective is at most
            // ‖gradient‖² / (2 · strength) above its minimum.
            let result = try LimitedMemoryBFGS().minimize(
                from: point, curvature: curvature, tolerance: (2 * strength * tolerance).squareRoot()
            ) {
                try keepGoing()
                return try objective.evaluate($0, strength: strength)
            }
            point = result.last.point
            fits.append(try head(result, strength: strength))
            if try isEnough(fits[fits.count - 1]) { break }
        }
        return fits
    }

    /// Turns a solution back to the original features, and adds the classes without images.
    private func head(_ result: LimitedMemoryBFGS.Result, strength: Double) throws -> Fit {
        let axes = problem.variances.count
        let point = result.last.point
        let rotated = Array(point.prefix(present.count * axes))
        let (known, offsets) = try problem.original(weight: rotated, rows: present.count)
        let knownBias = zip(point.suffix(present.count), offsets).map { $0 - $1 }
        let features = problem.featureCount
        var weight = [Double](repeating: 0, count: classCount * features)
        // Rows of weights sum to 0, so that the mean of the known logits is the mean of their biases at every
        // image, and the largest one is never below it: what has no images is never the answer.
        let mean = knownBias.reduce(0, +) / Double(max(present.count, 1))
        var bias = [Double](
            repeating: mean - log(Double(imageCount + 1)), count: classCount)
        for (index, name) in present.enumerated() {
            bias[name] = knownBias[index]
            weight.replaceSubrange(
                name * features..<(name + 1) * features,
                with: known[index * features..<(index + 1) * features])
        }
        let penalty = strength / 2 * rotated.reduce(0) { $0 + $1 * $1 }
        return Fit(
            strength: strength, weight: weight, bias: bias, loss: result.last.value - penalty,
            gradientNorm: result.last.gradientNorm, iterations: result.iterations,
            isConverged: result.isConverged)
    }
}

/// What a logistic regression cannot be fitted to.
package enum LogisticRegressionError: CategorizedError, Hashable {
    case shape(features: [Int], labels: Int)
    case label(Int, image: Int, classCount: Int)
    case classWeights([Double], classCount: Int)
    case strength(Double)
    case notFinite(image: Int, feature: Int)

    package var category: ErrorCategory { .work }

    package var description: String {
        switch self {
        case .shape(let features, let labels):
            "logistic regression: features of shape \(features), expected \(labels) rows, one for each label, and "
                + "at least one row and column"
        case .label(let label, let image, let classCount):
            "logistic regression: label \(label) of image \(image), expected 0..<\(classCount)"
        case .classWeights(let weights, let classCount):
            "logistic regression: class weights \(weights), expected \(classCount) numbers, finite, 0 or more, "
                + "above 0 for a class with images"
        case .strength(let strength):
            "logistic regression: L2 strength \(strength), expected a finite number above 0"
        case .notFinite(let image, let feature):
            "logistic regression: feature \(feature) of image \(image) is not finite"
        }
    }
}
