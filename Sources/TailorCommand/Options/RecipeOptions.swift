import Foundation
import Tailor
import TailorArguments
import TailorSupport

/// The recipe, and every number of it as a flag. What is not given stays as the recipe has it; the defaults that
/// help shows are those of ``Recipe/standard``.
struct RecipeOptions: ArgumentGroup {
    private static var standard: Recipe { .standard }

    @Option(
        placeholder: "name|file", completion: .words(Recipe.presets.map(\.name)).orFile("json"),
        help: "standard, quick, guide, or a file written by --print-recipe or found as recipe.json in a run.")
    var recipe = "standard"

    @Flag(help: "Print the recipe with all flags applied, as JSON, and stop.")
    var printRecipe = false

    @Option(
        bounds: .within(0...RecipeLimits.epochs.upperBound), shown: "\(standard.epochs)",
        help: "Epochs of fine-tuning, spread over the phases; 0 leaves the linear probe alone.")
    var epochs: Int?

    @Option(
        shown: PhaseList(standard.phases).argumentText,
        help: "What is trained for how long, from the head down; stem is the whole network.")
    var phases: PhaseList?

    @Flag(
        shown: standard.search != nil,
        help:
            "Find crops, rates and depth for the task before the full run; not by default with --epochs or --phases."
    )
    var search: Bool?

    @Option(
        bounds: .within(RecipeLimits.seeds), shown: "\(standard.seeds), as time allows",
        help:
            "Full runs of what is best, each with another seed; kept is the best of all runs, or their average if "
            + "that is better. With 1 there is one full run, whose rates short ones find.")
    var seeds: Int?

    @Option(
        shown: standard.timeBudget.map { TimeSpan(seconds: $0).argumentText },
        help:
            "How long training may take, as in 90s, 10m, 1h30m: what does not fit is left out; 0 sets no limit."
    )
    var timeBudget: TimeSpan?

    @Option(
        shown: standard.search.map { NumberList($0.rateFactors).argumentText },
        help: "Factors on all learning rates that the search tries.")
    var searchRates: NumberList?

    @Flag(shown: standard.probe != nil, help: "Fit the head on cached features first.")
    var probe: Bool?

    @Option(
        bounds: .within(RecipeLimits.augmentedViews), shown: standard.probe?.augmentedViews.argumentText,
        help: "Passes over augmented images that the probe also learns from.")
    var probeViews: Int?

    @Option(
        bounds: .within(RecipeLimits.batchSize), shown: standard.batchSize.argumentText,
        help: "Images in one optimiser step.")
    var batchSize: Int?

    @Option(
        bounds: .within(RecipeLimits.batchSize), shown: standard.accumulationSteps.argumentText,
        help: "Passes that make up one step; each takes batch-size / N images.")
    var accumulate: Int?

    @Option(
        placeholder: "rate", bounds: .above(0), shown: standard.learningRates.head.argumentText,
        help: "Peak learning rate of the head; the other stages keep their proportion to it.")
    var lr: Double?

    @Option(help: "Peak learning rate of single stages, as in layer1=0.001,layer4=0.01,head=0.1.")
    var stageLr: StageRates?

    @Option(shown: standard.optimizer.kind.rawValue, help: "What turns gradients into steps.")
    var optimizer: OptimizerRecipe.Kind?

    @Option(
        bounds: .within(RecipeLimits.fraction), shown: standard.optimizer.momentum.argumentText,
        help: "SGD's momentum, AdamW's first beta.")
    var momentum: Double?

    @Option(
        bounds: .within(RecipeLimits.fraction), shown: standard.optimizer.beta2.argumentText,
        help: "AdamW's second beta.")
    var beta2: Double?

    @Flag(shown: standard.optimizer.nesterov, help: "Nesterov's momentum.")
    var nesterov: Bool?

    @Option(
        bounds: .atLeast(0), shown: standard.optimizer.weightDecay.argumentText,
        help: "Weight decay; never applied to biases and batch norm.")
    var weightDecay: Double?

    @Option(
        placeholder: "epochs", bounds: .within(RecipeLimits.scheduleEpochs),
        shown: standard.schedule.warmupEpochs.argumentText,
        help: "Length of the linear warm-up; may be a fraction.")
    var warmup: Double?

    @Option(
        placeholder: "epochs", bounds: .above(0), shown: "what the phases leave",
        help: "Epochs over which the cosine falls to 0 (T_max).")
    var cosineEpochs: Double?

    @Option(
        placeholder: "epochs", bounds: .within(0...RecipeLimits.patience.upperBound),
        shown: standard.earlyStopping?.patience.argumentText,
        help: "Epochs without improvement before a phase ends; 0 switches early stopping off.")
    var patience: Int?

    @Option(
        placeholder: "metric", shown: standard.earlyStopping?.metric.rawValue,
        help: "What early stopping watches.")
    var stopOn: EarlyStopping.Metric?

    @Option(
        placeholder: "share", bounds: .within(RecipeLimits.fraction),
        shown: standard.labelSmoothing.argumentText,
        help: "Share of the target spread over all classes.")
    var labelSmoothing: Double?

    @Option(
        placeholder: "kind|list", completion: .words(["auto", "balanced", "none"]), shown: "auto",
        help: "auto (1/√n), balanced (1/n), none, or weights by name: functional=1,defective=5.")
    var classWeights: String?

    @Flag(help: "Draw images of small classes repeatedly instead of weighting the loss.")
    var oversample = false

    @Option(
        placeholder: "norm", bounds: .atLeast(0), shown: standard.gradientClipping?.argumentText,
        help: "Largest norm of all gradients together; 0 switches clipping off.")
    var clipGradients: Double?

    @Option(
        shown: standard.batchNorm.rawValue,
        help:
            "Batch-norm statistics: the pretrained network's (frozen), those of the training images (task), or "
            + "running averages (trained); auto measures the first two.")
    var batchNorm: BatchNormStatistics?

    @Option(
        placeholder: "decay", bounds: .within(RecipeLimits.fraction),
        shown: standard.weightAveraging?.argumentText,
        help: "Decay a step of the moving average of the weights that is kept; 0 switches it off.")
    var weightAverage: Double?

    @Option(
        shown: standard.precision.rawValue,
        help: "Arithmetic of training; auto is bf16 where it is fast on the processor or GPU, else fp32.")
    var precision: TrainingPrecision?

    @OptionGroup("Images")
    var images: ImageOptions

    func resolve() throws -> Recipe {
        var result = try base()
        if let phases { result.phases = phases.phases }
        if let epochs { result.setEpochs(epochs) }
        if phases != nil || epochs != nil {
            // Who says how long wants that, and no more.
            result.timeBudget = nil
            result.seeds = 1
            if search != true { result.search = nil }
            result.search?.fullSteps = nil
            if phases != nil { result.search?.depths = [] }
        }
        if lr != nil || stageLr != nil { result.search?.rateFactors = [1] }
        if let seeds { result.seeds = seeds }
        if let timeBudget { result.timeBudget = timeBudget.seconds == 0 ? nil : timeBudget.seconds }
        if let searchRates { result.search?.rateFactors = searchRates.values }
        if result.phases.isEmpty || search == false { result.search = nil }
        if let probe { result.probe = probe ? result.probe ?? LinearProbe() : nil }
        if let probeViews { result.probe?.augmentedViews = probeViews }
        if let batchSize { result.batchSize = batchSize }
        if let accumulate { result.accumulationSteps = accumulate }
        if let lr { result.learningRates = result.learningRates.scaled(headTo: lr) }
        for (stage, rate) in stageLr?.rates ?? [] { result.learningRates[stage] = rate }
        if let optimizer { result.optimizer.kind = optimizer }
        if let momentum { result.optimizer.momentum = momentum }
        if let beta2 { result.optimizer.beta2 = beta2 }
        if let nesterov { result.optimizer.nesterov = nesterov }
        if let weightDecay { result.optimizer.weightDecay = weightDecay }
        if let warmup { result.schedule.warmupEpochs = warmup }
        if let cosineEpochs { result.schedule.cosineEpochs = cosineEpochs }
        if patience == 0 {
            result.earlyStopping = nil
        } else if patience != nil || stopOn != nil {
            var stopping = result.earlyStopping ?? EarlyStopping()
            stopping.patience = patience ?? stopping.patience
            stopping.metric = stopOn ?? stopping.metric
            result.earlyStopping = stopping
        }
        if let labelSmoothing { result.labelSmoothing = labelSmoothing }
        if oversample, classWeights != nil {
            throw UsageError("--oversample and --class-weights exclude each other")
        }
        if oversample { result.imbalance = .oversample }
        if let classWeights { result.imbalance = Self.parseClassWeights(classWeights) }
        if let clipGradients { result.gradientClipping = clipGradients == 0 ? nil : clipGradients }
        if let batchNorm {
            result.batchNorm = batchNorm
            // An average of weights has no running averages of its own.
            if batchNorm == .trained, weightAverage == nil { result.weightAveraging = nil }
        }
        if let weightAverage { result.weightAveraging = weightAverage == 0 ? nil : weightAverage }
        if let precision { result.precision = precision }
        images.apply(to: &result)
        try refuseUnused(by: result)
        try result.validate()
        return result
    }

    /// Refuses options that the recipe would ignore.
    private func refuseUnused(by recipe: Recipe) throws {
        if searchRates != nil, recipe.search == nil {
            throw UsageError("--search-rates: recipe \(recipe.name) searches nothing here; leave it out")
        }
        if probeViews != nil, recipe.probe == nil {
            throw UsageError("--probe-views: no linear probe is fitted; give --probe, or leave it out")
        }
        if stopOn != nil, recipe.earlyStopping == nil {
            throw UsageError("--stop-on: --patience 0 switches early stopping off; leave one of them out")
        }
        if beta2 != nil, recipe.optimizer.kind != .adamw {
            throw UsageError("--beta2: \(recipe.optimizer.kind.rawValue) has none, only adamw; leave it out")
        }
        if nesterov != nil, recipe.optimizer.kind != .sgd {
            throw UsageError(
                "--nesterov: \(recipe.optimizer.kind.rawValue) has no such momentum, only sgd; leave it out")
        }
    }

    private func base() throws -> Recipe {
        if let preset = Recipe.presets.first(where: { $0.name == recipe }) { return preset }
        guard FileManager.default.fileExists(atPath: recipe) else {
            let names = Recipe.presets.map(\.name).joined(separator: ", ")
            throw UsageError("--recipe \(recipe): no such file, and not one of \(names)")
        }
        let document = try RegularFile.contents(of: URL(fileURLWithPath: recipe))
        func unknownKeys(of value: Recipe) throws -> [JSONFile.UnknownKey] {
            try JSONFile.unknownKeys(in: document, of: value, examples: Recipe.presets)
                .filter { !Recipe.earlierKeys.contains($0.path) }
        }
        let result: Recipe
        do {
            result = try JSONFile.decode(Recipe.self, from: document, path: recipe)
        } catch {
            // What is missing is most often there under another name.
            let unknown = try? unknownKeys(of: .standard)
            if let misspelt = unknown?.first(where: { !$0.known.contains($0.key) }) {
                throw refusal(of: misspelt)
            }
            throw error
        }
        if let first = try unknownKeys(of: result).first { throw refusal(of: first) }
        return result
    }

    private func refusal(of unknown: JSONFile.UnknownKey) -> UsageError {
        let nearest = NearestName.of(unknown.key, among: unknown.known)
        return UsageError(
            "--recipe \(recipe): unknown key \(unknown.path)"
                + (nearest.map { ": did you mean \($0)?" }
                    ?? ", expected \(unknown.known.joined(separator: ", "))"))
    }

    private static func parseClassWeights(_ text: String) -> Imbalance {
        switch text {
        case "auto": return .automatic
        case "balanced": return .balanced
        case "none": return .none
        default: return .weights(text)
        }
    }
}

extension BatchNormStatistics: ArgumentValue {}
extension OptimizerRecipe.Kind: ArgumentValue {}
extension EarlyStopping.Metric: ArgumentValue {}
extension TrainingPrecision: ArgumentValue {}
