/// Event that a run reports while it goes on.
public enum TrainingEvent: Sendable {
    /// Something worth knowing.
    case note(String)
    /// Something the user should look at; also kept in `run.json` where it concerns the result.
    case warning(String)
    /// Files are being read or passed through the network without learning.
    case pass(name: String, done: Int, total: Int)
    case trialFinished(Trial)
    /// What the search found: rates, depth and epochs of the full run, and the seconds that it will take.
    case planned(Recipe, seconds: Double?)
    case phaseStarted(Phase, index: Int, of: Int)
    case step(StepProgress)
    case epochFinished(EpochRecord)
}

public struct StepProgress: Sendable {
    public var epoch: Int
    public var totalEpochs: Int
    public var phase: String
    public var imagesDone: Int
    public var imagesTotal: Int
    /// Mean over the epoch so far.
    public var loss: Double
    public var imagesPerSecond: Double
}
