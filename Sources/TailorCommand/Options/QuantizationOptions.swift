import Tailor
import TailorArguments

/// Arithmetic of the exported model, and what it may cost.
struct QuantizationOptions: ArgumentGroup {
    @Option(
        help: "Arithmetic of the model; int8-dynamic has only the head in 8 bits, for comparison.")
    var precision = ModelDescription.WeightPrecision.int8

    @Flag(help: "Short for --precision int8-dynamic: what quantizing the linear layer alone achieves.")
    var dynamic = false

    @Option(
        placeholder: "points", bounds: .within(0...100),
        help: "Points of macro-F1 (of 100) that int8 may cost on the validation images.")
    var maxDrop = 0.5

    @Option(
        placeholder: "percent", bounds: .within(0...100),
        help: "Share of the validation images (of 100) that must keep their class in int8.")
    var minAgreement = 99.0

    @Option(
        bounds: .within(1...100_000),
        help: "Training images whose activations set the 8-bit ranges, spread over the classes.")
    var calibrationImages = 300

    @Option(shown: "all are tried, the best is taken", help: "How ranges are chosen.")
    var ranges: RangeMethod?

    func validate() throws {
        if dynamic, precision != .int8 { throw UsageError("--dynamic is a --precision of its own") }
    }
}

extension ModelDescription.WeightPrecision: ArgumentValue {}
extension RangeMethod: ArgumentValue {}
