import Foundation
import Tailor
import TailorCommandLine

/// Shows a run's events: a bar on a terminal, plain lines elsewhere; both on standard error.
final class TrainingConsole {
    private let quiet: Bool
    private var bar: ProgressBar?
    /// Epochs of the full run under way, and seconds of those that are done.
    private var epochCount = 0
    private var epochSeconds: [Double] = []
    /// Whether the full run under way is one of several, and was announced.
    private var isOneOfSeveral = false

    init(quiet: Bool) { self.quiet = quiet }

    func handle(_ event: TrainingEvent) {
        switch event {
        case .note(let text): say(text)
        case .warning(let text):
            finish()
            Console.warning(text)
        case .pass(let name, let done, let total): update(label: name, done: done, total: total)
        case .trialFinished(let trial):
            finish()
            let result =
                if let macroF1 = trial.validationMacroF1, let loss = trial.validationLoss {
                    String(format: "val loss %.3f  macro-F1 %.3f", loss, macroF1)
                } else {
                    "diverged"
                }
            say(
                String(format: "  rates x %-5.3g", trial.rateFactor)
                    + " \(trial.depth.trainedPart), \(Format.count(trial.steps, "step")):  \(result)  "
                    + Format.duration(trial.seconds))
        case .planned(let plan, let seconds):
            finish()
            isOneOfSeveral = true
            epochSeconds = []
            let depth = plan.phases.map { $0.trainableFrom.trainedPart }.joined(separator: ", then ")
            say(
                String(
                    format: "full run: %@, learning rates %.2g (head) to %.2g (first layers), ", depth,
                    plan.learningRates.head, plan.learningRates.stem)
                    + Format.count(plan.epochs, "epoch")
                    + (seconds.map { ", about \(Format.duration($0.rounded(.up)))" } ?? ""))
        case .phaseStarted(let phase, let index, let count):
            finish()
            guard count > 1 || !isOneOfSeveral else { return }
            say(
                "phase \(index + 1) of \(count): \(phase.trainableFrom.trainedPart), "
                    + Format.count(phase.epochs, "epoch"))
        case .step(let step):
            epochCount = step.totalEpochs
            update(
                label: "epoch \(step.epoch)/\(step.totalEpochs)", done: step.imagesDone,
                total: step.imagesTotal,
                loss: step.loss)
        case .epochFinished(let row):
            finish()
            if row.seed != nil { epochSeconds.append(row.seconds) }
            let name =
                row.seed != nil ? "epoch \(row.epoch)" : row.epoch == 0 ? "linear probe" : "average"
            let (training, speed) =
                row.trainLoss.isFinite
                ? (
                    String(format: "train loss %.3f  ", row.trainLoss),
                    String(format: "%.1f img/s  ", row.imagesPerSecond)
                ) : ("", "")
            say(
                "  \(name.padding(toLength: 12, withPad: " ", startingAt: 0))  \(training)"
                    + String(
                        format: "val loss %.3f  accuracy %.3f  macro-F1 %.3f  ", row.validationLoss,
                        row.validationAccuracy, row.validationMacroF1)
                    + "\(speed)\(Format.duration(row.seconds))\(row.isBest ? "  best so far" : "")"
                    + timeLeft(after: row))
        }
    }

    /// How long the other epochs of this full run will take, if that is worth saying.
    private func timeLeft(after row: EpochRecord) -> String {
        let left = Double(epochCount - row.epoch)
        guard row.seed != nil, left > 0, !epochSeconds.isEmpty else { return "" }
        let seconds = left * epochSeconds.reduce(0, +) / Double(epochSeconds.count)
        return seconds < 10
            ? ""
            : "  \(Format.duration(seconds.rounded())) left"
                + (isOneOfSeveral ? " in this run" : "")
    }

    /// Shows what was found in the data folder.
    func show(_ data: TrainingData) {
        for warning in data.warnings { Console.warning(warning) }
        for note in data.dataset.notes { say(note) }
        var table = TextTable(columns: [.init("class"), .init("train", .right), .init("val", .right)])
        for (index, name) in data.classes.names.enumerated() {
            table.add([
                name, Format.count(data.trainCounts[index]), Format.count(data.validationCounts[index]),
            ])
        }
        say(table.render())
    }

    /// Shows recipe, device and class weights before the work begins.
    func show(_ tuner: FineTuner) {
        let recipe = tuner.recipe
        say(
            "recipe \(recipe.name), seed \(tuner.seed), \(tuner.machine.device) (\(tuner.machine.device.name)), "
                + "\(tuner.precision.rawValue), \(Format.count(TorchRuntime.threadCount, "thread"))"
                + (recipe.timeBudget.map { ", within \(Format.duration($0))" } ?? ""))
        if let weights = tuner.classWeights {
            let list = zip(tuner.data.classes.names, weights).map { String(format: "%@ %.2f", $0, $1) }
            say("classes are unequal, the loss weights them: " + list.listed())
        }
    }

    /// Takes the bar away.
    func finish() { bar = nil }

    private func update(label: String, done: Int, total: Int, loss: Double? = nil) {
        guard !quiet else { return }
        if bar?.label != label { bar = ProgressBar(label, total: total) }
        bar?.update(completed: done, loss: loss)
    }

    private func say(_ text: String) {
        guard !quiet else { return }
        if let bar { bar.log(text) } else { Console.note(text) }
    }
}
