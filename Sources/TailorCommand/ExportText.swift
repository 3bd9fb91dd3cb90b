import Foundation
import Tailor
import TailorSupport

/// Messages and results of `export`.
enum ExportText {
    /// Describes one attempt at quantizing.
    static func line(_ gate: GateReport) -> String {
        let kept = gate.floatLayers.isEmpty ? "" : ", in floats: " + gate.floatLayers.joined(separator: " ")
        return String(
            format: "  %@  macro-F1 %.3f  same class %.1f %%  logits differ by %.3f on average%@",
            (gate.ranges?.rawValue ?? "").padding(toLength: 10, withPad: " ", startingAt: 0),
            gate.macroF1After, 100 * gate.agreement, gate.meanLogitDifference, kept)
    }

    static func describe(_ report: ExportReport) -> String {
        let parts =
            [comparison(report).render(), calibration(report)] + decision(report.decision)
            + (report.gate.map { gate($0, report) } ?? []) + graph(report)
            + ["Model file: \(report.path)"] + (report.scheme == .symmetric ? [tensorRT] : [])
        return parts.joined(separator: "\n")
    }

    private static let tensorRT =
        "Signed int8 without zero points, for TensorRT 10 and later; judged by what the graph means, not by an engine: "
        + "test the engine, too (Documentation/Exports.md)."

    /// A network without model file around it.
    struct Checkpoint: Codable {
        var path: String
        var bytes: Int
    }

    static func describe(_ checkpoint: Checkpoint) -> String {
        "\(checkpoint.path): \(megabytes(checkpoint.bytes)), for torchvision's resnet18 and load_state_dict"
    }

    static func describe(_ folder: HuggingFaceFolder.Written) -> String {
        let figures =
            folder.testUses.map { "of the test set, used \($0 == 1 ? "once" : "\(Format.count($0)) times")" }
            ?? "of validation images, which flatter: \(folder.hasTest ? "evaluate opens the test set" : "there is no test set")"
        return """
            \(folder.path): \(megabytes(folder.bytes)), for timm.create_model("local-dir:\(folder.path)", \
            pretrained=True) and transformers' AutoModelForImageClassification
            README.md is the model card; its figures are \(figures).
            """
    }

    static func describe(_ report: StaticExportReport) -> String {
        let side = report.imageSize
        return """
            \(report.path), for compilers of other makers:
              model.onnx       \(megabytes(report.bytes)), floats: image [1, 3, \(side), \(side)] to logits [1, \
            \(report.classCount)]
              calibration.txt  \(Format.count(report.calibrationImages, "training image")), resized, in calibration/
              model.json       class names, mean and deviation in grey levels, temperature
            \(agreement(report.differenceFromTraining, report.comparedImages))
            The compiler quantizes, unseen by tailor: test what it makes on images that it was not given.
            """
    }

    private static func agreement(_ difference: Double, _ images: Int) -> String {
        String(
            format: "In fp32 the graph's logits are the trained model's within %.1e (%@).",
            difference, Format.count(images, "image"))
    }

    private static func megabytes(_ bytes: Int) -> String { String(format: "%.1f MB", Double(bytes) / 1e6) }

    /// Floats beside what was exported.
    private static func comparison(_ report: ExportReport) -> TextTable {
        func share(_ value: Double) -> String { String(format: "%.3f", value) }
        var table = TextTable(columns: [
            .init(""), .init("fp32", .right), .init(report.precision.rawValue, .right),
        ])
        table.add(["file", megabytes(report.floatBytes), megabytes(report.bytes)])
        // Of TensorRT's engine a processor tells nothing.
        if report.scheme == .affine {
            table.add([
                "one image, computing", String(format: "%.1f ms", report.floatLatency),
                String(format: "%.1f ms", report.latency),
            ])
        }
        guard let gate = report.gate else { return table }
        table.add(["macro-F1 on val", share(gate.macroF1Before), share(gate.macroF1After)])
        table.add(["accuracy on val", share(gate.accuracyBefore), share(gate.accuracyAfter)])
        table.add(["same class", "", String(format: "%.1f %%", 100 * gate.agreement)])
        table.add(["largest logit difference", "", share(gate.largestLogitDifference)])
        table.add(["largest probability difference", "", share(gate.largestProbabilityDifference)])
        table.add(["mean probability difference", "", share(gate.meanProbabilityDifference)])
        return table
    }

    private static func gate(_ gate: GateReport, _ report: ExportReport) -> [String] {
        var lines = [
            String(
                format: "Gate passed on %@: macro-F1 may fall by %.1f points, %.0f %% must "
                    + "keep their class.",
                Format.count(gate.images, "validation image"), 100 * gate.limits.maximumDrop,
                100 * gate.limits.minimumAgreement)
        ]
        if let ranges = gate.ranges {
            lines.append(
                "8-bit ranges by \(ranges.rawValue) over \(Format.count(gate.calibrationImages, "training image"))"
                    + (gate.floatLayers.isEmpty
                        ? "." : "; left in floats: \(gate.floatLayers.joined(separator: ", "))."))
        }
        if report.precision == .dynamicInt8 {
            lines.append(
                String(
                    format:
                        "Only the linear layer is in 8 bits: %.1f %% of the file saved. Its convolutions are "
                        + "what takes room and time; --precision int8 quantizes them.",
                    100 * (1 - Double(report.bytes) / Double(max(report.floatBytes, 1)))))
        }
        return lines
    }

    private static func calibration(_ report: ExportReport) -> String {
        String(
            format: "Calibration error on val %.3f before temperature %.2f, %.3f after.",
            report.calibration.eceBefore ?? 0, report.calibration.temperature,
            report.calibration.eceAfter ?? 0)
    }

    private static func decision(_ decision: ExportReport.Decision) -> [String] {
        var table = TextTable(columns: [
            .init("answers below", .right), .init("answered", .right), .init("wrong of these", .right),
            .init("95 %", .right),
        ])
        for point in decision.coverage {
            table.add([
                String(format: "%.3f", point.threshold), String(format: "%.0f %%", 100 * point.coverage),
                String(format: "%.1f %%", 100 * point.error),
                String(format: "%.1f–%.1f %%", 100 * point.interval.low, 100 * point.interval.high),
            ])
        }
        var lines = ["", "If unsure answers were rejected (validation images):", table.render()]
        if let minimum = decision.minimumProbability {
            lines.append(String(format: "Answers below %.3f are marked unsure.", minimum))
        }
        if let promise = decision.promise {
            lines.append(
                String(
                    format:
                        "Of the others at most %.1f %% are wrong (95 %% upper bound): %d of %d on validation "
                        + "images, %.0f %% answered.", 100 * promise.upperBound, promise.wrong,
                    promise.accepted,
                    100 * promise.point.coverage))
        }
        if let cost = decision.cost {
            lines.append(
                String(
                    format:
                        "%@ from probability %.3f on: mean cost on val %.3f (%.3f with the most probable class).",
                    cost.positive, cost.threshold, cost.cost, cost.costWithout))
        }
        if let distance = decision.maximumDistance {
            lines.append(
                String(
                    format: "Images farther than %.2f from all training images are marked unfamiliar.",
                    distance))
        }
        return lines
    }

    private static func graph(_ report: ExportReport) -> [String] {
        var lines = [
            agreement(report.differenceFromTraining, report.comparedImages)
        ]
        if let difference = report.embeddedDifference {
            lines.append(
                String(
                    format: "The graph resizes by itself; in fp32 its logits differ by up to %.1e.",
                    difference))
        }
        if let difference = report.mapDifference {
            lines.append(
                String(format: "Activation maps add up to the logits within %.1e.", difference))
        }
        return lines
    }
}
