import Foundation
import TailorEvaluation
import TailorTerminal

/// What the card says of figures and of their limits.
extension ModelCard {
    private var report: MetricsReport? {
        switch figures {
        case .test(let report, _), .validation(let report, _): report
        case .none: nil
        }
    }

    var results: String {
        guard let report else { return "## Results\nNot measured." }
        return """
            ## Results
            \(source(report))

            | | | 95 % interval |
            |---|---:|---:|
            | accuracy | \(Format.percent(report.accuracy)) | \(Format.percent(report.intervals.accuracy)) |
            | balanced accuracy | \(Format.percent(report.balancedAccuracy)) | \
            \(Format.percent(report.intervals.balancedAccuracy)) |
            | macro-F1 | \(Format.fixed(report.macroF1)) | \(Format.fixed(report.intervals.macroF1)) |
            | calibration error at temperature \(Format.fixed(temperature, digits: 2)) | \
            \(Format.percent(report.calibration.ece)) | |

            \(sentences(report).joined(separator: " "))

            | class | found (recall) | 95 % interval | right when named (precision) | images |
            |---|---:|---:|---:|---:|
            \(rows(report).joined(separator: "\n"))
            """
    }

    /// Which images the figures are of, and how far that can be trusted.
    private func source(_ report: MetricsReport) -> String {
        switch figures {
        case .test(_, let uses):
            let left = report.leftOut.map { $0.seenInTraining + $0.listed } ?? 0
            let without = left > 0 ? " (\(Format.count(left)) more were left out)" : ""
            let warning =
                uses > 1
                ? "; whoever chooses by a test result spends it, so these figures may flatter"
                : ", as it should be"
            let times = uses > 1 ? "\(Format.count(uses)) times" : "once"
            return
                "On \(Format.count(report.n, "test image"))\(without) that took no part in training. The test set has "
                + "been used \(times)\(warning)."
        case .validation(_, let testIsSealed):
            return
                "On \(Format.count(report.n, "validation image")), **which chose the weights that were kept, so these "
                + "figures flatter the model.** "
                + (testIsSealed ? "The test set has not been opened yet." : "There is no test set.")
        case .none: return ""
        }
    }

    private func sentences(_ report: MetricsReport) -> [String] {
        var sentences: [String] = []
        if report.perClass.count > 1, let commonest = report.perClass.max(by: { $0.support < $1.support }) {
            let share = Double(commonest.support) / Double(max(report.n, 1))
            sentences.append(
                "Always answering “\(commonest.name.markdown)” would be right \(Format.percent(share)) of the time."
            )
        }
        let measured = report.perClass.filter { $0.recall != nil }
        if let worst = measured.min(by: { ($0.recall ?? 1) < ($1.recall ?? 1) }), let recall = worst.recall,
            recall < 1
        {
            let others = measured.count { $0.recall == recall } - 1
            let alike =
                others > 0 ? " (and of \(Format.count(others, "other class", plural: "others")) as many)" : ""
            sentences.append(
                "Missed most: of “\(worst.name.markdown)”, \(Format.percent(1 - recall)) of the images are taken for "
                    + "another class\(alike).")
        }
        return sentences
    }

    private func rows(_ report: MetricsReport) -> [String] {
        zip(report.perClass, report.intervals.perClass).map { figures, intervals in
            "| \(figures.name.markdown) | \(Format.percent(figures.recall)) | \(Format.percent(intervals.recall)) | "
                + "\(Format.percent(figures.precision)) | \(Format.count(figures.support)) |"
        }
    }

    var limits: String {
        let few = (report?.perClass ?? []).filter { $0.support < 30 }.map(\.name.markdown)
        let shown = few.prefix(8).joined(separator: ", ") + (few.count > 8 ? "…" : "")
        let small =
            few.isEmpty
            ? "" : "\n* Measured on fewer than 30 images, so that their figures can move a lot: \(shown)."
        return """
            ## Limits
            * It answers one of its classes for any picture, of whatever it is.
            * The figures hold for images like those above: of other cameras, sites, lighting or people it must be tested \
            anew, on images that no one chose anything by.
            * The probabilities that were measured are the softmax of the logits divided by the temperature, \
            \(Format.fixed(temperature, digits: 4)). Neither library divides, nor does transformers' \
            `pipeline("image-classification")`: the programs below do.
            * Not in this folder: the thresholds below which an answer is unsure or an image unfamiliar, heat maps and the \
            8-bit form, which Tailor's model file holds.\(small)
            """
    }
}
