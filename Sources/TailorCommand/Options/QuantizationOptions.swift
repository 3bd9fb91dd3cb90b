import Tailor
import TailorArguments

/// Arithmetic of the exported model, and what it may cost.
struct QuantizationOptions: ArgumentGroup {
    private static let standard = ExportOptions()

    @Option(
        shown: standard.precision.rawValue,
        help: "Arithmetic of the model; int8-dynamic has only the head in 8 bits, for comparison.")
    var precision: ModelDescription.WeightPrecision?

    @Flag(help: "Short for --precision int8-dynamic: what quantizing the linear layer alone achieves.")
    var dynamic = false

    @Option(
        placeholder: "points", bounds: .within(0...100),
        shown: (100 * standard.limits.maximumDrop).argumentText,
        help: "Points of macro-F1 (of 100) that int8 may cost on the validation images.")
    var maxDrop: Double?

    @Option(
        placeholder: "percent", bounds: .within(0...100),
        shown: (100 * standard.limits.minimumAgreement).argumentText,
        help: "Share of the validation images (of 100) that must keep their class in int8.")
    var minAgreement: Double?

    @Option(
        bounds: .within(1...100_000), shown: standard.calibrationImages.argumentText,
        help:
            "Training images, spread over the classes, whose activations set the 8-bit ranges; with --format fp32 how "
            + "many are written.")
    var calibrationImages: Int?

    @Option(shown: "all are tried, the best is taken", help: "How ranges are chosen.")
    var ranges: RangeMethod?

    /// The precision asked for, or the standard one.
    var chosenPrecision: ModelDescription.WeightPrecision {
        dynamic ? .dynamicInt8 : precision ?? Self.standard.precision
    }

    /// Options of the gate that were given, with their dashes.
    var givenToGate: [String] {
        [("--max-drop", maxDrop != nil), ("--min-agreement", minAgreement != nil)].filter(\.1).map(\.0)
    }

    static let calibrationImagesName = "--calibration-images"

    /// Options of the search for ranges that were given, with their dashes.
    var givenToCalibration: [String] {
        [("--ranges", ranges != nil), (Self.calibrationImagesName, calibrationImages != nil)].filter(\.1)
            .map(\.0)
    }

    func validate() throws {
        if dynamic, precision != nil { throw UsageError("--dynamic is a --precision of its own") }
        let useless =
            switch chosenPrecision {
            case .int8: [String]()
            case .float32: givenToGate + givenToCalibration
            case .float16, .dynamicInt8: givenToCalibration
            }
        guard useless.isEmpty else {
            throw UsageError(
                "\(useless.listed()): without effect on \(chosenPrecision.rawValue): leave out, or take "
                    + "--precision int8")
        }
    }

    /// Applies the options.
    func apply(to options: inout ExportOptions) {
        options.precision = chosenPrecision
        if let maxDrop { options.limits.maximumDrop = maxDrop / 100 }
        if let minAgreement { options.limits.minimumAgreement = minAgreement / 100 }
        if let calibrationImages { options.calibrationImages = calibrationImages }
        if let ranges { options.rangeMethods = [ranges] }
    }
}

extension ModelDescription.WeightPrecision: ArgumentValue {}
extension RangeMethod: ArgumentValue {}
