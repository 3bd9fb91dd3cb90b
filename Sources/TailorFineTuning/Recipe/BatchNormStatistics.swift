/// Statistics by which batch norm normalises while a network is fitted.
public enum BatchNormStatistics: String, Codable, Sendable, CaseIterable {
    /// The linear probe measures `frozen` and `task` on the validation images; frozen unless those of the task are
    /// better by more than chance.
    case automatic = "auto"
    /// The pretrained network's, in every stage and to the end; scale and shift are trained.
    case frozen
    /// Those of training images under the evaluation transform ("AdaBN", Li et al., 2016), estimated at the start
    /// and after every epoch ("precise BN", Wu and Johnson, 2021); training normalises by the batch.
    case task
    /// The batch's, and their running average to the end, as PyTorch trains by default.
    case trained
}
