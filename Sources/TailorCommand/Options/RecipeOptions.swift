import ArgumentParser
import Foundation
import Tailor
import TailorSupport

/// Which recipe, and every number of it as a flag. What is not given stays as the recipe has it.
struct RecipeOptions: ParsableArguments {
    @Option(help: "standard, guide, or a file written by --print-recipe or found as recipe.json in a run.")
    var recipe = "standard"

    @Flag(help: "Print the recipe with all flags applied, as JSON, and stop.")
    var printRecipe = false

    @Option(help: "Epochs of fine-tuning, spread over the phases; 0 leaves the linear probe alone.")
    var epochs: Int?

    @Option(
        help: ArgumentHelp(
            "Phases as STAGE:EPOCHS, e.g. layer4:1,layer3:1,stem:4 (stem = the whole network).",
            valueName: "list"))
    var phases: String?

    @Flag(inversion: .prefixedNo, help: "Fit the head on cached features first.")
    var probe: Bool?

    @Option(help: "Passes over augmented images that the probe also learns from.")
    var probeViews: Int?

    @Option(help: "Images in one optimiser step.")
    var batchSize: Int?

    @Option(help: "Passes that make up one step; each takes batch-size / N images.")
    var accumulate: Int?

    @Option(help: "Peak learning rate of the head; the other stages keep their proportion to it.")
    var lr: Double?

    @Option(
        help: ArgumentHelp(
            "Peak learning rate of single stages, e.g. layer1=0.001,layer4=0.01,head=0.1.", valueName: "list")
    )
    var stageLr: String?

    @Option(help: "sgd or adamw.")
    var optimizer: OptimizerRecipe.Kind?

    @Option(help: "SGD's momentum, AdamW's first beta.")
    var momentum: Double?

    @Flag(inversion: .prefixedNo, help: "Nesterov's momentum.")
    var nesterov: Bool?

    @Option(help: "Weight decay; never applied to biases and batch norm.")
    var weightDecay: Double?

    @Option(help: "Epochs of linear warm-up; may be a fraction.")
    var warmup: Double?

    @Option(help: "Epochs over which the cosine falls to 0 (T_max). Default: what the phases leave.")
    var cosineEpochs: Double?

    @Option(help: "Epochs without improvement before a phase ends; 0 switches early stopping off.")
    var patience: Int?

    @Option(help: "What early stopping watches: val_loss, val_macro_f1 or val_accuracy.")
    var stopOn: EarlyStopping.Metric?

    @Option(help: "Share of the target spread over all classes, 0 to below 1.")
    var labelSmoothing: Double?

    @Option(
        help: ArgumentHelp(
            "auto (1/√n), balanced (1/n), none, or weights by name: functional=1,defective=5.",
            valueName: "kind|list"))
    var classWeights: String?

    @Flag(help: "Draw images of small classes repeatedly instead of weighting the loss.")
    var oversample = false

    @Option(help: "Largest norm of all gradients together; 0 switches clipping off.")
    var clipGradients: Double?

    @Flag(
        inversion: .prefixedNo,
        help: "Batch-norm statistics of the training images, at the start and after every epoch.")
    var recalibrateBatchNorm: Bool?

    @Option(help: "Decay a step of the moving average of the weights that is kept; 0 switches it off.")
    var weightAverage: Double?

    @Option(help: "auto, fp32, bf16 or fp16.")
    var precision: Precision?

    @OptionGroup(title: "Images")
    var images: ImageOptions

    func resolve() throws -> Recipe {
        var result = try base()
        if let phases { result.phases = try Self.parsePhases(phases) }
        if let epochs {
            guard epochs >= 0 else { throw ValidationError("--epochs \(epochs): expected 0 or more") }
            result.setEpochs(epochs)
        }
        if let probe { result.probe = probe ? result.probe ?? LinearProbe() : nil }
        if let probeViews { result.probe?.augmentedViews = probeViews }
        if let batchSize { result.batchSize = batchSize }
        if let accumulate { result.accumulationSteps = accumulate }
        if let lr { result.learningRates = result.learningRates.scaled(headTo: lr) }
        if let stageLr { try Self.applyStageRates(stageLr, to: &result.learningRates) }
        if let optimizer { result.optimizer.kind = optimizer }
        if let momentum { result.optimizer.momentum = momentum }
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
            throw ValidationError("--oversample and --class-weights exclude each other")
        }
        if oversample { result.imbalance = .oversample }
        if let classWeights { result.imbalance = Self.parseClassWeights(classWeights) }
        if let clipGradients { result.gradientClipping = clipGradients == 0 ? nil : clipGradients }
        if let recalibrateBatchNorm { result.recalibratesBatchNorm = recalibrateBatchNorm }
        if let weightAverage { result.weightAveraging = weightAverage == 0 ? nil : weightAverage }
        if let precision { result.precision = precision }
        try images.apply(to: &result)
        try result.validate()
        return result
    }

    private func base() throws -> Recipe {
        if let preset = Recipe.presets.first(where: { $0.name == recipe }) { return preset }
        guard FileManager.default.fileExists(atPath: recipe) else {
            let names = Recipe.presets.map(\.name).joined(separator: ", ")
            throw ValidationError("--recipe \(recipe): no such file, and not one of \(names)")
        }
        return try JSONFile.read(Recipe.self, from: URL(fileURLWithPath: recipe))
    }

    private static func parsePhases(_ text: String) throws -> [Phase] {
        try text.split(separator: ",").map { part in
            let pieces = part.split(separator: ":")
            guard pieces.count == 2, let stage = ResNet18.Stage(rawValue: String(pieces[0])),
                let epochs = Int(pieces[1])
            else {
                throw ValidationError("--phases \(part): expected STAGE:EPOCHS with a stage of \(stageNames)")
            }
            return Phase(trainableFrom: stage, epochs: epochs)
        }
    }

    private static func applyStageRates(_ text: String, to rates: inout LayerwiseLearningRates) throws {
        for part in text.split(separator: ",") {
            let pieces = part.split(separator: "=")
            guard pieces.count == 2, let stage = ResNet18.Stage(rawValue: String(pieces[0])),
                let rate = Double(pieces[1])
            else {
                throw ValidationError("--stage-lr \(part): expected STAGE=RATE with a stage of \(stageNames)")
            }
            rates[stage] = rate
        }
    }

    private static func parseClassWeights(_ text: String) -> Imbalance {
        switch text {
        case "auto": return .automatic
        case "balanced": return .balanced
        case "none": return .none
        default: return .weights(text)
        }
    }

    private static var stageNames: String {
        ResNet18.Stage.allCases.map(\.rawValue).joined(separator: ", ")
    }
}

extension OptimizerRecipe.Kind: ExpressibleByArgument {}
extension EarlyStopping.Metric: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
