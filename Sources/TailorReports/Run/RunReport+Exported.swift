import TailorEvaluation
import TailorTerminal

extension RunReport {
    /// Table of the trained and the exported model, tested in one use of the test set.
    var exportedSection: HTML {
        guard let exported, let test else { return "" }
        func cells(_ metric: (ModelEvaluation) -> HTML) -> HTML {
            [test, exported.evaluation].map { model -> HTML in "<td class=\"num\">\(metric(model))</td>" }
                .joined(separator: "")
        }
        let rows: [(name: HTML, cells: HTML)] = [
            (
                "Macro-F1",
                cells { "\(Format.fixed($0.metrics.macroF1)) (\(Format.fixed($0.intervals.macroF1)))" }
            ),
            (
                "Balanced accuracy",
                cells {
                    "\(Format.percent($0.metrics.balancedAccuracy)) (\(Format.percent($0.intervals.balancedAccuracy)))"
                }
            ),
            (
                "Accuracy",
                cells { "\(Format.percent($0.metrics.accuracy)) (\(Format.percent($0.intervals.accuracy)))" }
            ),
            ("Calibration error", cells { "\(Format.percent($0.ece))" }),
        ]
        let body = rows.map { row -> HTML in
            """
            <tr><th scope="row">\(row.name)</th>\(row.cells)</tr>
            """
        }
        return """
            <section><h2>The exported model</h2>
            <p class="note">Tested in the same use of the test set. Both give the same class to \
            \(Format.percent(exported.sameClass)) of the images.</p>
            <div class="scroll"><table><thead><tr><td></td><th scope="col" class="num">as trained</th>\
            <th scope="col" class="num">\(exported.name)</th></tr></thead>
            <tbody>\(body.joined())</tbody></table></div></section>
            """
    }
}
