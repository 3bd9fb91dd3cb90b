import Tailor
import TailorArguments

/// Augmentation chosen by its name.
struct NamedAugmentation: ArgumentValue {
    let argumentText: String
    let value: Augmentation

    init(argument text: String) throws(ValueProblem) {
        guard let value = try? Augmentation.preset(named: text) else {
            throw ValueProblem.oneOf(Self.choices)
        }
        argumentText = text
        self.value = value
    }

    static var choices: [String] { Augmentation.presetNames }
    static var placeholder: String { choices.joined(separator: "|") }
}
