import TailorArguments

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
