import TailorEvaluation
import TailorTerminal

/// Sections of a report about an evaluation.
struct EvaluationSections {
    let evaluation: ModelEvaluation

    /// Most classes for which the matrix is drawn.
    private static let matrixLimit = 20
    /// Most rows of the class table.
    private static let rowLimit = 200

    private var matrix: ConfusionMatrix { evaluation.metrics.confusion }

    /// Confusion matrix as a heat map; for many classes the most frequent confusions.
    var confusion: HTML {
        let classes = matrix.classes
        return classes.count <= Self.matrixLimit && !classes.isEmpty ? heatTable : confusionList
    }

    private var heatTable: HTML {
        let classes = matrix.classes
        let rows = matrix.rows.enumerated().map { label, counts -> HTML in
            let total = counts.reduce(0, +)
            let cells = counts.enumerated().map { predicted, count -> HTML in
                let share = total == 0 ? 0 : Double(count) / Double(total)
                let kind = (label == predicted ? "right" : "wrong") + (count == 0 ? " none" : "")
                let percent: HTML = total == 0 ? "" : "<small>\(Format.percent(share, digits: 0))</small>"
                return """
                    <td class="cell \(kind)" style="--share:\(share)">\(Format.count(count))\(percent)</td>
                    """
            }
            return """
                <tr><th scope="row">\(classes[label])</th>\(cells.joined(separator: ""))\
                <td class="total">\(Format.count(total))</td></tr>
                """
        }
        let heads = classes.map { name -> HTML in "<th scope=\"col\">\(name)</th>" }
        return """
            <section><h2>What was taken for what</h2>
            <p class="note">Rows are true classes, columns predictions; percentages are of the row.</p>
            <div class="scroll"><table class="matrix"><thead>
            <tr><td></td><th class="axis" colspan="\(classes.count)">predicted</th><td></td></tr>
            <tr><th class="axis" scope="col">true</th>\(heads.joined(separator: ""))\
            <th class="total" scope="col">images</th></tr></thead>
            <tbody>\(rows.joined())</tbody></table></div></section>
            """
    }

    private var confusionList: HTML {
        let confusions = matrix.confusions
        guard !confusions.isEmpty else { return "" }
        let supports = matrix.supports
        let rows = confusions.prefix(Self.matrixLimit).map { cell -> HTML in
            """
            <tr><th scope="row">\(matrix.classes[cell.label])</th><td>\(matrix.classes[cell.predicted])</td>\
            <td class="num">\(Format.count(cell.count))</td>\
            <td class="num">\(Format.percent(Double(cell.count) / Double(max(supports[cell.label], 1))))</td></tr>
            """
        }
        return """
            <section><h2>What was taken for what</h2>
            <p class="note">The most frequent of \(Format.count(confusions.count)) kinds of confusion; all are in \
            confusion_matrix.csv.</p>
            <div class="scroll"><table><thead><tr><th scope="col">true</th><th scope="col">predicted</th>\
            <th scope="col" class="num">images</th><th scope="col" class="num">of the true class</th></tr></thead>
            <tbody>\(rows.joined())</tbody></table></div></section>
            """
    }

    /// Table of classes; the weakest if there are too many for one page.
    var classes: HTML {
        var rows = Array(zip(evaluation.metrics.perClass, evaluation.intervals.perClass))
        let count = rows.count
        var note: HTML =
            "Points with their 95 % intervals (Wilson); n/a where a class has no image or no prediction."
        if rows.count > Self.rowLimit {
            rows = Array(rows.sorted { ($0.0.f1 ?? 2) < ($1.0.f1 ?? 2) }.prefix(Self.rowLimit))
            note = """
                \(note) The \(Self.rowLimit) weakest of \(Format.count(count)) classes by F1; all are in \
                per_class.csv.
                """
        }
        let body = rows.map { row, interval -> HTML in
            """
            <tr><th scope="row">\(row.name)</th><td class="num">\(Format.count(row.support))</td>\
            \(Self.metricCell(row.recall, interval.recall))\(Self.metricCell(row.precision, interval.precision))\
            <td class="num">\(Format.fixed(row.f1))</td></tr>
            """
        }
        return """
            <section><h2>Class by class</h2><p class="note">\(note)</p>
            <div class="scroll"><table><thead><tr><th scope="col">class</th><th scope="col" class="num">images</th>\
            <th scope="col" colspan="2">recall: of its images, found</th>\
            <th scope="col" colspan="2">precision: of its predictions, right</th>\
            <th scope="col" class="num">F1</th></tr></thead>
            <tbody>\(body.joined())</tbody></table></div></section>
            """
    }

    /// Cells of a metric: a point with whiskers from 0 to 1, and its text.
    private static func metricCell(_ value: Double?, _ interval: Interval?) -> HTML {
        guard let value, let interval else { return "<td></td><td class=\"num\">\(Format.notAvailable)</td>" }
        let axis = Axis(scale: .linear, domain: 0...1, start: 4, end: 116)
        let text = "\(Format.percent(value)) (\(Format.percent(interval)))"
        return """
            <td class="dot"><svg viewBox="0 0 120 16" role="img" aria-label="\(text)"><title>\(text)</title>\
            <line class="track" x1="4" x2="116" y1="8" y2="8"/>\
            <line class="whisker" x1="\(axis.position(interval.low))" x2="\(axis.position(interval.high))" y1="8" y2="8"/>\
            <circle class="point" cx="\(axis.position(value))" cy="8" r="4"/></svg></td>\
            <td class="num">\(Format.percent(value)) <small>\(Format.percent(interval))</small></td>
            """
    }

    /// Calibration: reliability diagram and table.
    var calibration: HTML {
        let reliability = evaluation.reliability
        guard reliability.contains(where: { $0.count > 0 }) else { return "" }
        let rows = reliability.filter { $0.count > 0 }.map { bin -> HTML in
            """
            <tr><th scope="row">\(Format.fixed(bin.low, digits: 2))–\(Format.fixed(bin.high, digits: 2))</th>\
            <td class="num">\(Format.count(bin.count))</td><td class="num">\(Format.percent(bin.confidence))</td>\
            <td class="num">\(Format.percent(bin.accuracy))</td></tr>
            """
        }
        return """
            <section><h2>Can its confidence be believed?</h2>
            <div class="pair">\(ReliabilityDiagram(bins: reliability).html())
            <div><p>\(calibrationText)</p>
            <p class="note">Bars show how often predictions of each confidence were right. On the dashed line, \
            confidence and accuracy agree. <span class="swatch over"></span> too sure \
            <span class="swatch under"></span> not sure enough</p>
            <details><summary>The figures</summary><table><thead><tr><th scope="col">confidence</th>\
            <th scope="col" class="num">images</th><th scope="col" class="num">mean confidence</th>\
            <th scope="col" class="num">right</th></tr></thead><tbody>\(rows.joined())</tbody></table></details>
            </div></div></section>
            """
    }

    private var calibrationText: HTML {
        let scaled: HTML =
            evaluation.temperature == 1
            ? "Probabilities are the network's own."
            : "Probabilities are calibrated with temperature \(Format.significant(evaluation.temperature)), fitted on validation images."
        return """
            On average, confidence and accuracy differ by <strong>\(Format.fixed(100 * evaluation.ece, digits: 1))</strong> percentage \
            points (expected calibration error, \(evaluation.reliability.count) bins). \(scaled)
            """
    }
}
