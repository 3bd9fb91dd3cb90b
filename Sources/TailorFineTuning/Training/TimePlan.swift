import TailorResNet

/// What fits into a time budget, from the speed at which features were computed. Pure arithmetic.
package struct TimePlan {
    /// Seconds that the network needs for one image of the training size, forward only.
    package let forwardSeconds: Double
    /// Seconds that a pass over the validation images takes.
    package let validationSeconds: Double
    package let trainImageSize: Int
    package let stepsPerEpoch: Int
    package let batchSize: Int

    package init(
        forwardSeconds: Double, validationSeconds: Double, trainImageSize: Int, stepsPerEpoch: Int,
        batchSize: Int
    ) {
        self.forwardSeconds = forwardSeconds
        self.validationSeconds = validationSeconds
        self.trainImageSize = trainImageSize
        self.stepsPerEpoch = stepsPerEpoch
        self.batchSize = batchSize
    }

    /// Seconds of training per image over those of a forward pass. A backward pass costs twice the forward pass of
    /// the layers that it goes through; the four groups of layers cost alike, the stem a third of one of them.
    static func cost(from depth: ResNet18.Stage) -> Double {
        switch depth {
        case .head: 1
        case .layer4: 1.5
        case .layer3: 2
        case .layer2: 2.5
        case .layer1, .stem: 3
        }
    }

    /// Seconds of one optimiser step on crops of this size.
    package func stepSeconds(from depth: ResNet18.Stage, imageSize: Int) -> Double {
        let scale = Double(imageSize) / Double(trainImageSize)
        return forwardSeconds * Self.cost(from: depth) * Double(batchSize) * scale * scale
    }

    /// Seconds of an epoch with its validation.
    package func epochSeconds(from depth: ResNet18.Stage) -> Double {
        stepSeconds(from: depth, imageSize: trainImageSize) * Double(stepsPerEpoch) + validationSeconds
    }

    /// How trials are run.
    package struct Trials: Codable, Equatable, Sendable {
        package var candidates: [Candidate]
        package var imageSize: Int
        package var steps: Int

        package init(candidates: [Candidate], imageSize: Int, steps: Int) {
            self.candidates = candidates
            self.imageSize = imageSize
            self.steps = steps
        }
    }

    /// Share of the time left that trials may take.
    package static let trialShare = 0.3
    /// Smallest trial crops, pixels, and fewest steps, that still tell rates apart.
    private static let leastImageSize = 96
    private static let leastSteps = 30

    /// Trials that fit: first on smaller images, then without the shallower depths, on smaller ones still, then with
    /// fewer steps, then of fewer rates; one candidate, which needs no trial, when not even two fit.
    ///
    /// - Parameters:
    ///   - candidates: all that the search has.
    ///   - secondsLeft: of the budget; nil for no limit.
    package func trials(_ candidates: [Candidate], steps: Int, secondsLeft: Double?) -> Trials {
        var plan = Trials(candidates: candidates, imageSize: trainImageSize, steps: steps)
        guard let secondsLeft else { return plan }
        let limit = secondsLeft * Self.trialShare
        // On much smaller images other rates are the best: rather fewer depths and steps than those.
        let deepest = candidates.map(\.depth).min()
        for (share, isWhole) in [(1, true), (0.75, true), (0.75, false), (0.58, false)] {
            // Multiples of 32, the network's stride.
            let size = share == 1 ? trainImageSize : Int(Double(trainImageSize) * share) / 32 * 32
            plan.imageSize = max(min(Self.leastImageSize, trainImageSize), size)
            plan.candidates = isWhole ? candidates : candidates.filter { $0.depth == deepest }
            if seconds(plan) <= limit { return plan }
        }
        if seconds(plan) > limit { plan.steps = min(steps, Self.leastSteps) }
        while seconds(plan) > limit, plan.candidates.count > 1 { plan.candidates.removeLast() }
        return plan
    }

    /// What is tried before the first full run.
    ///
    /// None where two full runs fit, which tell more than short ones, nor where beside short ones not even one fits:
    /// time is worth more to it.
    package func plannedTrials(of recipe: Recipe, _ search: TaskSearch, secondsLeft: Double?) -> Trials {
        let depth = search.middle(depth: recipe.deepestStage).depth
        var planned = trials(
            search.candidates(depth: recipe.deepestStage), steps: search.trialSteps, secondsLeft: secondsLeft)
        func hasTime(_ runs: Int, share: Double) -> Bool {
            fits(
                runs: runs, epochs: recipe.wishedEpochs(search, stepsPerEpoch: stepsPerEpoch), from: depth,
                secondsLeft: secondsLeft.map { $0 * share })
        }
        if recipe.seeds > 1 && hasTime(2, share: 1) || !hasTime(1, share: 1 - Self.trialShare) {
            planned.candidates = []
        }
        return planned
    }

    /// Seconds that saving the result takes.
    static let closingSeconds = 3.0

    /// Seconds that all rungs of these trials take.
    package func seconds(_ trials: Trials) -> Double {
        var count = trials.candidates.count
        guard count > 1 else { return 0 }
        let mean =
            trials.candidates.map { stepSeconds(from: $0.depth, imageSize: trials.imageSize) }.reduce(0, +)
            / Double(count)
        var steps = trials.steps
        var total = 0.0
        while count > 1 {
            total += Double(count) * (mean * Double(steps) + validationSeconds)
            count = TaskSearch.survivorCount(of: count)
            steps *= 2
        }
        return total
    }

    /// Whether so many full runs fit.
    package func fits(runs: Int, epochs: Int, from depth: ResNet18.Stage, secondsLeft: Double?) -> Bool {
        guard let secondsLeft else { return true }
        return Double(runs * epochs) * epochSeconds(from: depth) <= secondsLeft
    }

    /// Epochs of the full run that fit, at most `wished`; 0 when none does.
    ///
    /// - Parameter slowness: seconds that trials took over those that were foreseen.
    package func epochs(
        wished: Int, from depth: ResNet18.Stage, slowness: Double = 1, secondsLeft: Double?
    ) -> Int {
        guard let secondsLeft else { return wished }
        let epoch = epochSeconds(from: depth) * slowness
        guard epoch > 0 else { return wished }
        return min(wished, Int(max(0, min(secondsLeft / epoch, 1e6))))
    }
}

extension Recipe {
    /// The first stage that any phase trains.
    var deepestStage: ResNet18.Stage { phases.map(\.trainableFrom).min() ?? .stem }

    /// Whether there may be several full runs, whose weights are averaged in the end, and the files for it kept.
    var averagesRuns: Bool { search != nil || seeds > 1 }

    /// Epochs of a full run where there is time.
    func wishedEpochs(_ search: TaskSearch, stepsPerEpoch: Int) -> Int {
        search.fullSteps.map {
            let epochs = ($0 + stepsPerEpoch - 1) / stepsPerEpoch
            return max(search.fullEpochs.lowerBound, min(search.fullEpochs.upperBound, epochs))
        } ?? epochs
    }
}
