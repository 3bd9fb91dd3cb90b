/// Minimises a smooth convex function by L-BFGS (Nocedal, 1980) in Double, with a diagonal guess of the Hessian.
///
/// Sums run in the order of their indices: the same function gives the same bits.
struct LimitedMemoryBFGS {
    /// Steps, with their changes of the gradient, that are remembered.
    var memory = 20
    /// Steps after which the search ends without having converged.
    var maximumIterations = 500

    /// A point `[parameters]` with the function's value and gradient `[parameters]` there.
    struct Evaluation {
        let point: [Double]
        let value: Double
        let gradient: [Double]

        /// Euclidean norm of the gradient.
        var gradientNorm: Double { dot(gradient, gradient).squareRoot() }
    }

    struct Result {
        let last: Evaluation
        let iterations: Int
        let isConverged: Bool
    }

    /// Steps until the gradient's norm is at most `tolerance`, or no lower value can be told apart.
    ///
    /// - Parameters:
    ///   - start: `[parameters]`
    ///   - curvature: `[parameters]`, above 0: a guess of the Hessian's diagonal, up to one factor.
    ///   - evaluate: the function; what it throws ends the search.
    func minimize(
        from start: [Double], curvature: [Double], tolerance: Double,
        _ evaluate: ([Double]) throws -> Evaluation
    ) throws -> Result {
        var current = try evaluate(start)
        var steps: [Step] = []
        var iterations = 0
        while current.gradientNorm > tolerance, iterations < maximumIterations {
            let direction = Self.direction(from: current.gradient, steps: steps, curvature: curvature)
            guard let next = try Self.search(from: current, along: direction, evaluate) else { break }
            if let step = Step(from: current, to: next, curvature: curvature) {
                steps.append(step)
                if steps.count > memory { steps.removeFirst() }
            }
            current = next
            iterations += 1
        }
        return Result(
            last: current, iterations: iterations, isConverged: current.gradientNorm <= tolerance)
    }

    /// What one step tells of the Hessian.
    private struct Step {
        let move: [Double]
        let change: [Double]
        /// 1 / (move · change)
        let inverseProduct: Double
        /// By which the inverse of the guessed Hessian has to be multiplied to agree with this step.
        let scale: Double

        /// nil where the function shows no curvature along the step.
        init?(from old: Evaluation, to new: Evaluation, curvature: [Double]) {
            move = zip(new.point, old.point).map { $0 - $1 }
            change = zip(new.gradient, old.gradient).map { $0 - $1 }
            let product = dot(move, change)
            let size = dot(change, zip(change, curvature).map { $0 / $1 })
            guard product > 0, size > 0, (1 / product).isFinite else { return nil }
            inverseProduct = 1 / product
            scale = product / size
        }
    }

    /// Minus the inverse Hessian times the gradient, by the two loops of L-BFGS.
    private static func direction(from gradient: [Double], steps: [Step], curvature: [Double]) -> [Double] {
        var result = gradient.map { -$0 }
        var shares: [Double] = []
        for step in steps.reversed() {
            let share = step.inverseProduct * dot(step.move, result)
            add(step.change, times: -share, to: &result)
            shares.append(share)
        }
        let scale = steps.last?.scale ?? 1
        for index in result.indices { result[index] *= scale / curvature[index] }
        for (step, share) in zip(steps, shares.reversed()) {
            add(step.move, times: share - step.inverseProduct * dot(step.change, result), to: &result)
        }
        return result
    }

    /// Halves the step until the value falls enough (Armijo, 1966); nil when it never does.
    private static func search(
        from start: Evaluation, along direction: [Double], _ evaluate: ([Double]) throws -> Evaluation
    ) throws -> Evaluation? {
        let slope = dot(start.gradient, direction)
        guard slope < 0 else { return nil }
        var length = 1.0
        for _ in 0..<40 {
            var point = start.point
            add(direction, times: length, to: &point)
            let next = try evaluate(point)
            if next.value <= start.value + 1e-4 * length * slope { return next }
            length /= 2
        }
        return nil
    }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in 0..<min(a.count, b.count) { sum += a[index] * b[index] }
    return sum
}

private func add(_ a: [Double], times factor: Double, to b: inout [Double]) {
    for index in 0..<min(a.count, b.count) { b[index] += factor * a[index] }
}
