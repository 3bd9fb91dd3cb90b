import Tailor
import TailorArguments

/// `STAGE:EPOCHS,…`.
struct PhaseList: ArgumentValue {
    let phases: [Phase]

    init(_ phases: [Phase]) { self.phases = phases }

    init(argument text: String) throws(ValueProblem) {
        var phases: [Phase] = []
        for (stage, epochs) in try StagePairs.parse(text, separator: ":") {
            guard let epochs = Int(epochs), RecipeLimits.epochs.contains(epochs) else { throw Self.problem }
            phases.append(Phase(trainableFrom: stage, epochs: epochs))
        }
        self.phases = phases
    }

    var argumentText: String {
        phases.map { "\($0.trainableFrom.rawValue):\($0.epochs)" }.joined(separator: ",")
    }
    static var placeholder: String { "stage:epochs,…" }

    private static var problem: ValueProblem { StagePairs.problem(separator: ":") }
}

/// `STAGE=RATE,…`.
struct StageRates: ArgumentValue {
    let rates: [(stage: ResNet18.Stage, rate: Double)]

    init(argument text: String) throws(ValueProblem) {
        var rates: [(stage: ResNet18.Stage, rate: Double)] = []
        for (stage, text) in try StagePairs.parse(text, separator: "=") {
            guard let rate = Double(text), rate >= 0, rate.isFinite else {
                throw StagePairs.problem(separator: "=")
            }
            rates.append((stage, rate))
        }
        self.rates = rates
    }

    var argumentText: String {
        rates.map { "\($0.stage.rawValue)=\($0.rate.argumentText)" }.joined(separator: ",")
    }
    static var placeholder: String { "stage=rate,…" }
}

/// Stages with something about each.
private enum StagePairs {
    static func parse(_ text: String, separator: Character) throws(ValueProblem) -> [(
        ResNet18.Stage, Substring
    )] {
        var pairs: [(ResNet18.Stage, Substring)] = []
        for part in text.split(separator: ",") {
            let pieces = part.split(separator: separator)
            guard pieces.count == 2, let stage = ResNet18.Stage(rawValue: String(pieces[0])) else {
                throw problem(separator: separator)
            }
            pairs.append((stage, pieces[1]))
        }
        guard !pairs.isEmpty else { throw problem(separator: separator) }
        return pairs
    }

    static func problem(separator: Character) -> ValueProblem {
        let stages = ResNet18.Stage.allCases.map(\.rawValue).joined(separator: ", ")
        return ValueProblem(
            expected: separator == ":"
                ? "STAGE:EPOCHS,… with stages of \(stages)" : "STAGE=RATE,… with stages of \(stages)")
    }
}
