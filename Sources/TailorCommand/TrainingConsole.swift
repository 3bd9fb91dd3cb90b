import Foundation
import Tailor
import TailorCommandLine

/// Shows a run's events: a bar on a terminal, plain lines elsewhere; both on standard error.
final class TrainingConsole {
    private let quiet: Bool
    private var bar: ProgressBar?

    init(quiet: Bool) { self.quiet = quiet }

    func handle(_ event: TrainingEvent) {
        switch event {
        case .note(let text): say(text)
        case .warning(let text):
            finish()
            Console.warning(text)
        case .pass(let name, let done, let total): update(label: name, done: done, total: total)
        case .phaseStarted(let phase, let index, let count):
            finish()
            let what =
                phase.trainableFrom == .stem
                ? "the whole network" : "\(phase.trainableFrom.rawValue) and above"
            say(
                "phase \(index + 1) of \(count): \(what), \(Format.count(phase.epochs, "epoch"))"
            )
        case .step(let step):
            update(
                label: "epoch \(step.epoch)/\(step.totalEpochs)", done: step.imagesDone,
                total: step.imagesTotal,
                loss: step.loss)
        case .epochFinished(let row):
            finish()
            let name = row.epoch == 0 ? "linear probe" : "epoch \(row.epoch)"
            say(
                String(
                    format:
                        "  %@  train loss %.3f  val loss %.3f  accuracy %.3f  macro-F1 %.3f  %.1f img/s  %@%@",
                    name.padding(toLength: 12, withPad: " ", startingAt: 0), row.trainLoss,
                    row.validationLoss,
                    row.validationAccuracy, row.validationMacroF1, row.imagesPerSecond,
                    Format.duration(row.seconds), row.isBest ? "  best so far" : ""))
        }
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
                + "\(tuner.precision.rawValue), \(Format.count(TorchRuntime.threadCount, "thread"))")
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
