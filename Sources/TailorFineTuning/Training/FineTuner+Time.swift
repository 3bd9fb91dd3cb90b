import Foundation
import TailorSupport

/// Keeping to the time budget while a full run is under way.
extension FineTuner {
    /// The step of the schedule that a step of training stands for.
    func scheduledStep(_ step: Int) -> Int {
        state.timing?.scheduledStep(step, of: plan.epochs * stepsPerEpoch) ?? step
    }

    /// Epochs of the schedule: those planned at first.
    var scheduledEpochs: Double {
        state.timing.map { Double($0.scheduledSteps) / Double(stepsPerEpoch) } ?? Double(plan.epochs)
    }

    /// Says so when what had to be done took longer than the budget and a tenth.
    func noteOverrun() {
        guard let budget = recipe.timeBudget, seconds > 1.1 * budget else { return }
        report(
            .note(
                String(
                    format: "took %.1f s of a time budget of %.0f s: what cannot be left out took longer",
                    seconds,
                    budget)))
    }

    /// Leaves epochs out when the run would end later than a tenth past its budget, so that it ends within it.
    ///
    /// - Parameter seconds: of the last epoch.
    func shortenIfLate(epochSeconds: Double) {
        guard let budget = recipe.timeBudget, let left = secondsLeft, plan.phases.count == 1,
            epochSeconds > 0
        else { return }
        let planned = plan.epochs - state.epoch
        guard planned > 0, Double(planned) * epochSeconds > left + 0.1 * budget else { return }
        let fitting = max(0, min(planned, Int((left / epochSeconds).rounded())))
        guard fitting < planned else { return }
        let scheduled = scheduledStep(state.step)
        state.timing = ShortenedRun(
            fromStep: state.step, fromScheduled: Double(scheduled),
            scheduledSteps: state.timing?.scheduledSteps ?? plan.epochs * stepsPerEpoch)
        var shortened = plan
        shortened.phases[0].epochs = state.epoch + fitting
        state.plan = shortened
        self.fitting.recipe = shortened
        let text =
            "slower than foreseen: \(counted(state.epoch + fitting, "epoch")) instead of \(planned + state.epoch)"
        record.warnings.append(text)
        report(.warning(text))
    }
}

/// Where a shortened run stands: from a step on, the schedule runs faster to its end.
package struct ShortenedRun: Codable, Sendable, Hashable {
    /// Step at which the run was shortened, and the step of the original schedule that it stood for.
    package var fromStep: Int
    package var fromScheduled: Double
    /// Steps of the original schedule in all.
    package var scheduledSteps: Int

    package init(fromStep: Int, fromScheduled: Double, scheduledSteps: Int) {
        self.fromStep = fromStep
        self.fromScheduled = fromScheduled
        self.scheduledSteps = scheduledSteps
    }

    /// The step of the original schedule that a step of training stands for.
    ///
    /// - Parameter total: steps of the shortened run.
    package func scheduledStep(_ step: Int, of total: Int) -> Int {
        let pace = (Double(scheduledSteps) - fromScheduled) / Double(max(total - fromStep, 1))
        return Int((fromScheduled + pace * Double(step - fromStep)).rounded())
    }
}
