import TailorDatasets
import TailorSupport

/// Target counts of a split for each class.
struct SplitTargets: Sendable {
    /// Number of images of each class.
    let totals: [Int]
    /// Number of units in which each class occurs.
    let groups: [Int]
    /// Number of images of each class in train, val and test, at index `3 × label + part`.
    let quotas: [Int]
    /// Whether the class should have an image in the part, at index `3 × label + part`.
    let required: [Bool]

    init(units: [SplitUnit], classCount: Int, shares: SplitShares) {
        var totals = [Int](repeating: 0, count: classCount)
        var groups = totals
        for unit in units {
            for entry in unit.counts {
                totals[entry.label] += entry.count
                groups[entry.label] += 1
            }
        }
        self.totals = totals
        self.groups = groups
        quotas = zip(totals, groups).flatMap { shares.quotas(count: $0, groups: $1) }
        required = groups.flatMap { count in
            let filled = shares.wanted.prefix(count)
            return SplitPart.allCases.map(filled.contains)
        }
    }
}

/// Local search that moves whole units between the parts until no move brings the class shares nearer to
/// their targets.
struct SplitBalance {
    private(set) var parts: [SplitPart]
    private let units: [SplitUnit]
    private let targets: SplitTargets
    /// Number of images at index `3 × label + part`.
    private var counts: [Int]
    /// Kind of each unit; units with the same class counts are interchangeable.
    private let kinds: [Int]
    private let kindCount: Int

    /// Minimum gain for moving a group, as a sum of squared shares: about a third of a percentage point of
    /// one class. It keeps the plan stable when a few images are added.
    private static let worthMoving = 1e-5
    /// Maximum number of candidates for which pairs are tried.
    private static let maximumPairs = 400
    /// Maximum number of moves tried: some seconds, reached only by very many groups of several classes.
    private static let maximumTrials = 100_000_000

    init(units: [SplitUnit], targets: SplitTargets, parts: [SplitPart]) {
        self.units = units
        self.targets = targets
        self.parts = parts
        counts = [Int](repeating: 0, count: 3 * targets.totals.count)
        var known: [[SplitUnit.ClassCount]: Int] = [:]
        kinds = units.map { unit in
            let kind = known[unit.counts] ?? known.count
            known[unit.counts] = kind
            return kind
        }
        kindCount = known.count
        for (unit, part) in zip(units, parts) {
            for entry in unit.counts { counts[3 * entry.label + part.index] += entry.count }
        }
    }

    mutating func improve() {
        var trials = 0
        while trials < Self.maximumTrials {
            let candidates = candidates()
            guard let moves = bestMove(candidates, &trials) ?? bestSwap(candidates, &trials) else { return }
            for move in moves { apply(move) }
        }
    }

    private struct Move {
        let unit: Int
        let to: SplitPart
    }

    /// Change made by a move; compared in the order of the fields.
    private struct Change {
        /// Number of required classes missing in train.
        var missingInTrain = 0
        var missingElsewhere = 0
        /// Sum of squared differences to the target shares, over classes and parts.
        var deviation = 0.0

        mutating func count(missing: Int, in part: SplitPart) {
            if part == .train { missingInTrain += missing } else { missingElsewhere += missing }
        }

        static func + (a: Change, b: Change) -> Change {
            Change(
                missingInTrain: a.missingInTrain + b.missingInTrain,
                missingElsewhere: a.missingElsewhere + b.missingElsewhere,
                deviation: a.deviation + b.deviation)
        }

        static func < (a: Change, b: Change) -> Bool {
            (a.missingInTrain, a.missingElsewhere, a.deviation)
                < (b.missingInTrain, b.missingElsewhere, b.deviation)
        }

        static let leastGain = Change(deviation: -worthMoving)
    }

    /// First unit of each kind in each part.
    private func candidates() -> [Int] {
        var seen = [Bool](repeating: false, count: 3 * kindCount)
        return units.indices.filter { unit in
            let place = 3 * kinds[unit] + parts[unit].index
            defer { seen[place] = true }
            return !seen[place]
        }
    }

    private func bestMove(_ candidates: [Int], _ trials: inout Int) -> [Move]? {
        var best = Change.leastGain
        var found: [Move]?
        for unit in candidates {
            for part in SplitPart.allCases where part != parts[unit] {
                let move = Move(unit: unit, to: part)
                let change = change(by: move)
                if change < best { (best, found) = (change, [move]) }
                trials += 1
            }
        }
        return found
    }

    /// Best swap of two units.
    private mutating func bestSwap(_ candidates: [Int], _ trials: inout Int) -> [Move]? {
        guard candidates.count <= Self.maximumPairs else { return nil }
        var best = Change.leastGain
        var found: [Move]?
        for (position, first) in candidates.enumerated() {
            let origin = parts[first]
            for second in candidates[(position + 1)...] where parts[second] != origin {
                let move = Move(unit: first, to: parts[second])
                let back = Move(unit: second, to: origin)
                let half = change(by: move)
                apply(move)
                let change = half + change(by: back)
                apply(Move(unit: first, to: origin))
                if change < best { (best, found) = (change, [move, back]) }
                trials += 1
            }
        }
        return found
    }

    private func change(by move: Move) -> Change {
        var change = Change()
        let origin = parts[move.unit]
        guard origin != move.to else { return change }
        for entry in units[move.unit].counts {
            let (from, to) = (3 * entry.label + origin.index, 3 * entry.label + move.to.index)
            if targets.required[from], counts[from] == entry.count { change.count(missing: 1, in: origin) }
            if targets.required[to], counts[to] == 0 { change.count(missing: -1, in: move.to) }
            let total = Double(targets.totals[entry.label])
            func square(_ place: Int, _ added: Int) -> Double {
                let share = Double(counts[place] + added - targets.quotas[place]) / total
                return share * share
            }
            change.deviation +=
                square(from, -entry.count) - square(from, 0) + square(to, entry.count) - square(to, 0)
        }
        return change
    }

    private mutating func apply(_ move: Move) {
        for entry in units[move.unit].counts {
            counts[3 * entry.label + parts[move.unit].index] -= entry.count
            counts[3 * entry.label + move.to.index] += entry.count
        }
        parts[move.unit] = move.to
    }
}
