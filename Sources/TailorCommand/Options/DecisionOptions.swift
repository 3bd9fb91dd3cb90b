import ArgumentParser
import Tailor

/// When a model's answer is rejected, and what mistakes cost.
struct DecisionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Reject unsure answers until at most this share of the rest is wrong on validation images.",
            valueName: "0…1"))
    var maxError: Double?

    @Option(
        help: ArgumentHelp(
            "What mistakes cost; the positive class is answered from the probability on that costs least on "
                + "validation images.",
            valueName: "false_negative=10,false_positive=1"))
    var cost: String?

    @Option(
        help: ArgumentHelp(
            "The class that must not be missed, for --cost. Default: of two classes, the one with fewer training "
                + "images.",
            valueName: "class"))
    var positive: String?

    func validate() throws {
        if let maxError, !(0...1).contains(maxError) {
            throw ValidationError("--max-error \(maxError): expected 0…1")
        }
        if positive != nil, cost == nil { throw ValidationError("--positive needs --cost") }
        if let cost { _ = try parse(cost) }
    }

    func costs(_ record: RunRecord) throws -> ExportOptions.Costs? {
        guard let cost else { return nil }
        let (falseNegative, falsePositive) = try parse(cost)
        return .init(
            positive: try positive ?? rarer(record), falseNegative: falseNegative,
            falsePositive: falsePositive)
    }

    private func rarer(_ record: RunRecord) throws -> String {
        guard record.classes.count == 2, record.dataset.trainCounts.count == 2 else {
            throw ValidationError("--cost: name the class that must not be missed with --positive")
        }
        return record.classes[record.dataset.trainCounts[1] < record.dataset.trainCounts[0] ? 1 : 0]
    }

    private func parse(_ text: String) throws -> (falseNegative: Double, falsePositive: Double) {
        var values: [String: Double] = [:]
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, let value = Double(pair[1]), value > 0, value.isFinite,
                values.updateValue(value, forKey: String(pair[0])) == nil
            else { throw wrong(text) }
        }
        guard let negative = values["false_negative"], let positive = values["false_positive"],
            values.count == 2
        else { throw wrong(text) }
        return (negative, positive)
    }

    private func wrong(_ text: String) -> ValidationError {
        ValidationError("--cost \(text): expected false_negative=NUMBER,false_positive=NUMBER, both above 0")
    }
}
