import TailorResNet
import TailorTensors

/// Time that a run will take, part by part.
public struct TimeForecast: Codable, Sendable, Hashable {
    public struct Part: Codable, Sendable, Hashable {
        public var name: String
        public var seconds: Double
    }

    public var parts: [Part]
    /// Seconds of an epoch with its validation, for each phase in its order; with a search those of the deepest.
    public var epochs: [Part]
    /// Whether early stopping or the time budget may end the run sooner.
    public var isUpperBound: Bool

    public var seconds: Double { parts.reduce(0) { $0 + $1.seconds } }
}

/// Speeds from which the time of a run follows.
package struct RunSpeeds {
    /// An evaluation pass, with the images' transform; seconds an image.
    var forward: Double
    /// A pass over augmented views of training size; seconds an image.
    var view: Double
    /// A pass that estimates batch-norm statistics; seconds an image.
    var statistics: Double
    /// A step of a whole batch from a stage on, with the images' transform; seconds.
    var step: [ResNet18.Stage: Double]
    /// Reading, decoding and measuring; seconds an image.
    var reading: Double

    package init(
        forward: Double, view: Double, statistics: Double, step: [ResNet18.Stage: Double], reading: Double
    ) {
        self.forward = forward
        self.view = view
        self.statistics = statistics
        self.step = step
        self.reading = reading
    }
}

extension TimeForecast {
    /// Goes through the run as ``FineTuner`` does.
    ///
    /// - Parameters:
    ///   - isPretrained: otherwise there are no pretrained statistics to measure.
    ///   - folds: of a cross-validation after the run.
    package init(
        _ recipe: Recipe, images: ForecastImages, isPretrained: Bool, folds: Int?, speeds: RunSpeeds
    ) {
        var run = RunTime(recipe, images: images, isPretrained: isPretrained, speeds: speeds)
        run.go()
        parts = [
            Part(name: "reading images", seconds: run.reading),
            Part(name: "linear probe", seconds: run.probe),
            Part(name: "short runs", seconds: run.search), Part(name: "training", seconds: run.training),
            Part(name: "saving", seconds: run.saving),
        ].filter { $0.seconds > 0 }
        if let folds {
            // Each trains on all images but a part of 1 / folds, and answers that.
            let all = Double(images.train + images.validation)
            let share = all * Double(folds - 1) / Double(folds) / Double(max(images.train, 1))
            let once = run.probe + run.search + run.training
            let budgeted = min(once * share, recipe.timeBudget ?? .infinity)
            parts.append(Part(name: "\(folds) folds", seconds: Double(folds) * (budgeted + run.saving)))
        }
        epochs = recipe.phases.map {
            Part(name: $0.trainableFrom.trainedPart, seconds: run.epochSeconds(from: $0.trainableFrom))
        }
        isUpperBound = recipe.earlyStopping != nil && !recipe.phases.isEmpty
    }
}

/// The clock of a run that is not carried out.
private struct RunTime {
    private let recipe: Recipe
    private let images: ForecastImages
    private let isPretrained: Bool
    private let speeds: RunSpeeds

    private(set) var reading = 0.0
    private(set) var probe = 0.0
    private(set) var search = 0.0
    private(set) var training = 0.0
    private(set) var saving = 0.0

    /// Images that batch-norm statistics are estimated on.
    private static let statisticsImages = 512
    /// Seconds for a checkpoint or a file of weights, and for report and records.
    private static let checkpointSeconds = 0.2
    private static let recordSeconds = 0.3
    /// Seconds until the program is loaded and has read its weights, and that first passes take longer than others.
    private static let startSeconds = 1.5
    /// Seconds an image, view and class of fitting heads to features.
    private static let headSeconds = 2.5e-4

    init(_ recipe: Recipe, images: ForecastImages, isPretrained: Bool, speeds: RunSpeeds) {
        self.recipe = recipe
        self.images = images
        self.isPretrained = isPretrained
        self.speeds = speeds
    }

    mutating func go() {
        reading = Self.startSeconds + speeds.reading * Double(images.train + images.validation)
        saving = Self.recordSeconds + 2 * Self.checkpointSeconds
        let statistics = recipe.statisticsToMeasure(isPretrained: isPretrained)
        if let settings = recipe.probe {
            let views = settings.augmentedViews * recipe.augmentationsToMeasure.count
            let fits = statistics.count + (views > 0 ? recipe.augmentationsToMeasure.count : 0)
            let rows = images.train * (statistics.count + views * 2)
            probe =
                Double(statistics.count * (images.train + images.validation)) * speeds.forward
                + Double(views * images.train) * speeds.view + validationSeconds
                + (fits > 0 ? Double(rows * images.classes) * Self.headSeconds : 0)
        }
        if recipe.estimatesStatistics(isPretrained: isPretrained) { probe += statisticsSeconds }
        guard !recipe.phases.isEmpty else { return }
        if let settings = recipe.search {
            goSearching(settings)
        } else {
            let run = recipe.phases.reduce(0) {
                $0 + epochSeconds(from: $1.trainableFrom) * Double($1.epochs)
            }
            training = run
            for _ in 1..<max(1, recipe.seeds) where secondsLeft ?? .infinity >= run { training += run }
        }
        if let budget = recipe.timeBudget, recipe.search == nil {
            training = min(training, max(0, budget - reading - probe))
        }
        if recipe.averagesRuns { saving += Double(recipe.seeds + 1) * validationSeconds }
        if recipe.searchesImageSize { saving += 4.3 * validationSeconds }
    }

    /// Short runs where there is time for them, then one full run after the other while there is.
    private mutating func goSearching(_ settings: TaskSearch) {
        let plan = timePlan
        let trials = plan.plannedTrials(of: recipe, settings, secondsLeft: secondsLeft)
        search = seconds(of: trials)
        let depth = settings.middle(depth: recipe.deepestStage).depth
        let wished = recipe.wishedEpochs(settings, stepsPerEpoch: steps)
        let first = plan.epochs(wished: wished, from: depth, secondsLeft: secondsLeft)
        guard first > 0 else { return }
        training = Double(first) * epochSeconds(from: depth)
        if let left = secondsLeft.map({ $0 + training }) {
            // A run that is late leaves epochs out.
            training = min(training, max(left, epochSeconds(from: depth)))
        }
        guard recipe.seeds > 1 else { return }
        // Each rate, each depth, then further seeds of the best.
        let others = settings.depths.filter { $0 != depth }
        let next =
            Array(repeating: depth, count: settings.rateFactors.count - 1) + others
            + Array(repeating: depth, count: recipe.seeds - 1)
        for depth in next {
            let run = Double(first) * epochSeconds(from: depth)
            guard let left = secondsLeft else {
                training += run
                continue
            }
            let epochs = left >= run ? first : Int(Double(first) * max(0, left) / run)
            guard epochs >= max(1, first / 2) else { return }
            training += Double(epochs) * epochSeconds(from: depth)
        }
    }

    /// Seconds of short runs, which become twice as long and a third as many from rung to rung.
    private func seconds(of trials: TimePlan.Trials) -> Double {
        guard trials.candidates.count > 1 else { return 0 }
        let scale =
            Double(trials.imageSize * trials.imageSize)
            / Double(max(1, recipe.trainImageSize * recipe.trainImageSize))
        var total = 0.0
        var steps = trials.steps
        var left = trials.candidates
        while left.count > 1 {
            total += left.reduce(0) {
                $0 + Double(steps) * (speeds.step[$1.depth] ?? 0) * scale + validationSeconds
                    + Self.checkpointSeconds
            }
            left = Array(left.prefix(TaskSearch.survivorCount(of: left.count)))
            steps *= 2
        }
        return total
    }

    private var secondsLeft: Double? {
        recipe.timeBudget.map { $0 - reading - probe - search - training - TimePlan.closingSeconds }
    }

    private var steps: Int { (images.epoch + recipe.batchSize - 1) / max(recipe.batchSize, 1) }

    private var validationSeconds: Double { speeds.forward * Double(images.validation) }

    private var statisticsSeconds: Double {
        speeds.statistics * Double(min(images.train, Self.statisticsImages))
    }

    func epochSeconds(from first: ResNet18.Stage) -> Double {
        Double(steps) * (speeds.step[first] ?? 0) + validationSeconds
            + (recipe.batchNorm == .task || recipe.batchNorm == .automatic && !isPretrained
                ? statisticsSeconds : 0)
    }

    /// As the run makes it from the probe's passes.
    private var timePlan: TimePlan {
        let shrink = Double(recipe.trainImageSize) / Double(max(recipe.preprocessing.imageSize, 1))
        return TimePlan(
            forwardSeconds: speeds.forward * shrink * shrink, validationSeconds: validationSeconds,
            trainImageSize: recipe.trainImageSize, stepsPerEpoch: steps,
            batchSize: min(recipe.batchSize, images.train))
    }
}
