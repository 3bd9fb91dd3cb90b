import Foundation
import TailorSupport

extension Recipe {
    /// Differences from an earlier run's recipe, each as the option of `train` that sets it, with the value then
    /// and the value now; the key of a recipe file where no option does. Empty when there are none.
    package func differences(from earlier: Recipe) -> [String] {
        guard self != earlier else { return [] }
        let (then, now) = (earlier.settings, settings)
        var names = Set(then.keys).union(now.keys)
        if (probe == nil) != (earlier.probe == nil) {
            names = names.filter { !$0.hasPrefix("probe.") && $0 != "--probe-views" }
        }
        if (earlyStopping == nil) != (earlier.earlyStopping == nil) { names.remove("--stop-on") }
        // One rate for all: the stages keep their proportion to it.
        if learningRates == earlier.learningRates.scaled(headTo: learningRates.head) {
            names = names.filter { !$0.hasPrefix("--stage-lr") }
        } else {
            names.remove("--lr")
        }
        let found = names.sorted().filter { then[$0] != now[$0] }.map { name in
            "\(name) \(then[name] ?? "none"), now \(now[name] ?? "none")"
        }
        return found.isEmpty ? ["the recipe differs"] : found
    }

    /// Every setting as text, under its option or its key.
    private var settings: [String: String] {
        var settings: [String: String] = [:]
        func collect(_ value: JSONValue, _ key: String) {
            switch value {
            case .object(let object):
                for (name, value) in object { collect(value, key.isEmpty ? name : "\(key).\(name)") }
            case .array(let values):
                settings[Self.option(of: key)] = values.map(Self.text).joined(separator: ":")
            default: settings[Self.option(of: key)] = Self.text(value)
            }
        }
        if let json = try? JSONFile.encode(self),
            case .object(var object)? = try? JSONReader.value(of: String(decoding: json, as: UTF8.self))
        {
            // Written otherwise on the command line than in a file.
            object["imbalance"] = nil
            object["phases"] = nil
            collect(.object(object), "")
        }
        settings["--lr"] = "\(learningRates.head)"
        settings["--class-weights"] = imbalance.argument
        settings["--phases"] = phases.map { "\($0.trainableFrom.rawValue):\($0.epochs)" }
            .joined(separator: ",")
        settings["--probe"] = probe == nil ? "no" : "yes"
        settings["--patience"] = "\(earlyStopping?.patience ?? 0)"
        settings["--clip-gradients"] = "\(gradientClipping ?? 0)"
        settings["--weight-average"] = "\(weightAveraging ?? 0)"
        return settings
    }

    private static func text(_ value: JSONValue) -> String {
        if case .text(let text) = value { text.printable } else { value.described }
    }

    private static func option(of key: String) -> String {
        if key.hasPrefix("learningRates.") { return "--stage-lr \(key.dropFirst("learningRates.".count))" }
        return options[key] ?? key
    }

    /// Option of `train` for a key of a recipe file.
    private static let options = [
        "name": "--recipe", "batchSize": "--batch-size", "accumulationSteps": "--accumulate",
        "optimizer.kind": "--optimizer", "optimizer.momentum": "--momentum",
        "optimizer.beta2": "--beta2", "optimizer.nesterov": "--nesterov",
        "optimizer.weightDecay": "--weight-decay", "schedule.warmupEpochs": "--warmup",
        "schedule.cosineEpochs": "--cosine-epochs", "earlyStopping.patience": "--patience",
        "earlyStopping.metric": "--stop-on", "labelSmoothing": "--label-smoothing",
        "gradientClipping": "--clip-gradients", "batchNorm": "--batch-norm",
        "search.rateFactors": "--search-rates", "search.depths": "--search-depths",
        "search.trialSteps": "--search-steps", "search.fullSteps": "--steps", "timeBudget": "--time-budget",
        "seeds": "--seeds", "searchesImageSize": "--image-size auto",
        "weightAveraging": "--weight-average", "precision": "--precision",
        "probe.augmentedViews": "--probe-views", "trainImageSize": "--train-image-size",
        "preprocessing.imageSize": "--image-size", "preprocessing.resizeShortSide": "--resize",
        "preprocessing.fit": "--fit", "preprocessing.intensityRange": "--intensity-range",
        "augmentation.cropScale": "--crop-scale", "augmentation.cropRatio": "--crop-ratio",
        "augmentation.horizontalFlip": "--horizontal-flip", "augmentation.verticalFlip": "--vertical-flip",
        "augmentation.rotationDegrees": "--rotation", "augmentation.brightness": "--brightness",
        "augmentation.contrast": "--contrast", "augmentation.saturation": "--saturation",
        "augmentation.hue": "--hue",
    ]
}

extension Imbalance {
    /// As `--class-weights` takes it; `--oversample` is an option of its own.
    fileprivate var argument: String {
        switch self {
        case .automatic: "auto"
        case .balanced: "balanced"
        case .none: "none"
        case .weights(let text): text.printable
        case .oversample: "none, but --oversample"
        }
    }
}
