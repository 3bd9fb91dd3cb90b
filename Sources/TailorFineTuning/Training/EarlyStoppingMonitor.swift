/// Counts epochs without improvement; part of a checkpoint.
package struct EarlyStoppingMonitor: Codable, Sendable, Hashable {
    package private(set) var best: Double?
    package private(set) var epochsWithoutImprovement = 0

    package init() {}

    /// True when the phase should end. A value that is not finite is never an improvement.
    package mutating func observe(_ record: EpochRecord, rule: EarlyStopping) -> Bool {
        let value: Double
        switch rule.metric {
        case .validationLoss: value = -record.validationLoss
        case .macroF1: value = record.validationMacroF1
        case .accuracy: value = record.validationAccuracy
        }
        if value.isFinite, value > best ?? -.infinity {
            best = value
            epochsWithoutImprovement = 0
        } else {
            epochsWithoutImprovement += 1
        }
        return epochsWithoutImprovement >= rule.patience
    }
}
