import Tailor
import TailorArguments
import TailorCommandLine

/// Options that decide when a model's answer is rejected, and what mistakes cost.
struct DecisionOptions: ArgumentGroup {
    @Option(
        placeholder: "share", bounds: .within(0...1),
        help:
            "Reject unsure answers until at most this share of the rest is wrong, with 95 % confidence, as far as "
            + "validation images can show it.")
    var maxError: Double?

    @Option(
        help:
            "What mistakes cost; the positive class is answered from the probability on that costs least on "
            + "validation images.")
    var cost: MistakeCosts?

    @Option(
        placeholder: "class", shown: "of two classes, the one with fewer training images",
        help: "The class that must not be missed, for --cost.")
    var positive: String?

    /// Options that were given, with their dashes.
    var given: [String] {
        [("--max-error", maxError != nil), ("--cost", cost != nil), ("--positive", positive != nil)]
            .filter(\.1).map(\.0)
    }

    func validate() throws {
        if positive != nil, cost == nil { throw UsageError("--positive needs --cost") }
    }

    func costs(_ record: RunRecord) throws -> ExportOptions.Costs? {
        guard let cost else { return nil }
        if let positive { try NamedClass.check(positive, option: "--positive", among: record.classes) }
        return .init(
            positive: try positive ?? rarer(record), falseNegative: cost.falseNegative,
            falsePositive: cost.falsePositive)
    }

    private func rarer(_ record: RunRecord) throws -> String {
        guard record.classes.count == 2, record.dataset.trainCounts.count == 2 else {
            throw UsageError("--cost: name the class that must not be missed with --positive")
        }
        return record.classes[record.dataset.trainCounts[1] < record.dataset.trainCounts[0] ? 1 : 0]
    }
}

/// Costs of a false negative and a false positive: `false_negative=10,false_positive=1`, both above 0.
struct MistakeCosts: ArgumentValue {
    let falseNegative: Double
    let falsePositive: Double

    init(argument text: String) throws(ValueProblem) {
        var values: [String: Double] = [:]
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, let value = Double(pair[1]), value > 0, value.isFinite,
                values.updateValue(value, forKey: String(pair[0])) == nil
            else { throw Self.problem }
        }
        guard let negative = values["false_negative"], let positive = values["false_positive"],
            values.count == 2
        else { throw Self.problem }
        falseNegative = negative
        falsePositive = positive
    }

    var argumentText: String {
        "false_negative=\(falseNegative.argumentText),false_positive=\(falsePositive.argumentText)"
    }
    static var placeholder: String { "false_negative=10,false_positive=1" }

    private static var problem: ValueProblem {
        ValueProblem(expected: "false_negative=NUMBER,false_positive=NUMBER, both above 0")
    }
}
