import TailorSupport

/// Least-squares classifier with a kernel that answers for every image without having seen it or its group.
///
/// What leaving a group out would change follows from the fit to all images, exactly: the residuals are
/// (I − H)⁻¹(y − f), with f the answers of the fit to all and H their derivative by the labels, both for the group's
/// images alone (Cook and Weisberg, 1982). The function is a sum of kernels at up to 1,024 of the images:
/// all of them in a small dataset, where it is kernel ridge regression, else a sample (Smola and Schölkopf, 2000).
package struct KernelLeastSquares: Sendable {
    /// Bounds of the work.
    package struct Limits: Sendable {
        /// Kernels in the sum.
        package var landmarks = 1024
        /// Images by which the penalty is chosen.
        package var tuning = 2048
        /// Images of a group beyond which it is left out by fitting again, the cheaper way then.
        package var group = 256

        package init() {}
    }

    /// Penalties to choose from: factors of the function's squared norm in the kernel's space.
    package static let strengths = [0.1, 0.3, 1]

    let rows: KernelRows
    let labels: [Int]
    let classCount: Int
    let workers: Int
    private let limits: Limits
    private let strengths: [Double]
    private let groups: [[Int]]
    private let landmarks: [Int]

    var landmarkCount: Int { landmarks.count }

    /// - Parameters:
    ///   - labels: one a row, 0 ..< classCount.
    ///   - groups: a number a row; rows of one number are left out together.
    ///   - strengths: finite and above 0.
    package init(
        _ rows: KernelRows, labels: [Int], groups: [Int], classCount: Int, workers: Int,
        limits: Limits = .init(), strengths: [Double] = Self.strengths
    ) {
        self.rows = rows
        self.labels = labels
        self.classCount = classCount
        self.workers = workers
        self.limits = limits
        self.strengths = strengths
        self.groups = Dictionary(grouping: labels.indices, by: { groups[$0] }).values
            .sorted { $0[0] < $1[0] }
        var order = Array(labels.indices)
        if order.count > limits.landmarks {
            var generator = SeededGenerator(seed: 0)
            generator.shuffle(&order)
        }
        landmarks = order.prefix(limits.landmarks).sorted()
    }

    /// Scores `[images][classes]`, 1 − 1 / classes for what surely is the class and −1 / classes for what is not;
    /// nil where the numbers allow no fit.
    ///
    /// - Parameter progress: called with the number of images done, from several threads.
    package func scores(progress: (@Sendable (Int) -> Void)? = nil) -> [[Double]]? {
        let sums = NormalSums(self, of: Array(labels.indices))
        let penalty = landmarks.map { first in landmarks.map { rows.kernel(first, $0) } }
        let strengths = strengths
        let fits = ParallelMap.run(strengths.count, workers: workers, name: "labels") {
            Fit(sums, penalty: penalty, strength: strengths[$0])
        }.compactMap { $0 }
        // Every n-th group, so that together they hold as many images as choosing needs.
        let step = max(1, (labels.count + limits.tuning - 1) / limits.tuning)
        let tuning = stride(from: 0, to: groups.count, by: step).map { groups[$0] }
            .filter { step == 1 || $0.count <= limits.group }
        var best: (error: Double, fit: Fit, scores: [[Double]])?
        for fit in fits {
            let scores = leftOut(tuning, by: fit, sums: sums, penalty: penalty)
            let error = zip(tuning.joined(), scores).reduce(0.0) { sum, pair in
                sum + zip(pair.1, targets(pair.0)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            }
            if error.isFinite, error < best?.error ?? .infinity { best = (error, fit, scores) }
        }
        guard let best else { return nil }
        let scores =
            step == 1
            ? best.scores : leftOut(groups, by: best.fit, sums: sums, penalty: penalty, progress: progress)
        var inOrder = [[Double]](repeating: [], count: labels.count)
        for (row, values) in zip(groups.joined(), scores) { inOrder[row] = values }
        return inOrder
    }

    /// Kernels of a row at the landmarks.
    func kernels(_ row: Int) -> [Double] { landmarks.map { rows.kernel(row, $0) } }

    /// Label of a row as numbers whose mean over the classes is 0.
    func targets(_ row: Int) -> [Double] {
        (0..<classCount).map { ($0 == labels[row] ? 1 : 0) - 1 / Double(classCount) }
    }

    /// Scores of the rows of `groups`, in their order.
    private func leftOut(
        _ groups: [[Int]], by fit: Fit, sums: NormalSums, penalty: [[Double]],
        progress: (@Sendable (Int) -> Void)? = nil
    ) -> [[Double]] {
        let model = self
        return ParallelMap.run(groups.count, workers: workers, name: "labels", progress: progress) { index in
            let group = groups[index]
            if group.count > model.limits.group {
                return model.refitted(without: group, fit: fit, sums: sums, penalty: penalty)
            }
            return model.leftOut(group, by: fit)
        }.flatMap { $0 }
    }

    private func leftOut(_ group: [Int], by fit: Fit) -> [[Double]] {
        let kernels = group.map(kernels)
        // Their products are the group's part of H.
        let halves = kernels.map { fit.factor.solveLower($0) }
        let count = group.count
        var complement = [Double](repeating: 0, count: count * count)
        for first in 0..<count {
            for second in 0...first {
                complement[first * count + second] =
                    (first == second ? 1 : 0) - dot(halves[first], halves[second])
            }
            // Rounding may leave nothing of what is a little above 0.
            complement[first * count + first] = max(complement[first * count + first], 1e-9)
        }
        let targets = group.map(targets)
        let residuals = zip(targets, kernels.map(fit.answer)).map { zip($0, $1).map { $0 - $1 } }
        guard let factor = Cholesky(complement, dimension: count) else {
            return zip(targets, residuals).enumerated().map { row, pair in
                zip(pair.0, pair.1).map { $0 - $1 / complement[row * count + row] }
            }
        }
        let columns = (0..<classCount).map { name in factor.solve(residuals.map { $0[name] }) }
        return targets.enumerated().map { row, target in
            target.enumerated().map { name, value in value - columns[name][row] }
        }
    }

    private func refitted(
        without group: [Int], fit: Fit, sums: NormalSums, penalty: [[Double]]
    ) -> [[Double]] {
        let rest = sums.subtracting(NormalSums(self, of: group, workers: 1))
        let fit = Fit(rest, penalty: penalty, strength: fit.strength) ?? fit
        return group.map { fit.answer(kernels($0)) }
    }

    /// Function fitted to sums over images.
    private struct Fit: Sendable {
        let strength: Double
        let factor: Cholesky
        /// `[classes][landmarks]`
        let weights: [[Double]]

        init?(_ sums: NormalSums, penalty: [[Double]], strength: Double) {
            let size = penalty.count
            var matrix = sums.products
            var trace = 0.0
            for row in 0..<size {
                for column in 0...row { matrix[row * size + column] += strength * penalty[row][column] }
                trace += matrix[row * size + row]
            }
            // Two copies of an image give the same kernel twice, and a matrix that has no inverse.
            for row in 0..<size { matrix[row * size + row] += 1e-9 * trace / Double(max(size, 1)) }
            guard let factor = Cholesky(matrix, dimension: size) else { return nil }
            self.strength = strength
            self.factor = factor
            weights = sums.targets.map { factor.solve($0) }
        }

        func answer(_ kernels: [Double]) -> [Double] { weights.map { dot($0, kernels) } }
    }
}
