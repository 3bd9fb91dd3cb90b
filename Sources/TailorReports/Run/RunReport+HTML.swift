import Foundation
import TailorEvaluation
import TailorTerminal

extension RunReport {
    /// Draws the page: one self-contained HTML file, printable, light or dark as the reader's system.
    public func html() -> String {
        HTML.page(
            .report, title: title, style: PageStyle.sheet + ReportStyle.sheet,
            content: """
                \(header)
                \(warningBox)
                \(whatWasDone)
                \(curves)
                \(exportedSection)
                \(resultSections)
                \(exampleSections)
                \(factSection)
                <footer>\(origin)</footer>
                """)
    }

    private var resultSections: HTML {
        guard let evaluation else { return "" }
        let sections = EvaluationSections(evaluation: evaluation)
        return [sections.confusion, sections.classes, sections.calibration].joined()
    }

    private var header: HTML {
        """
        <header><p class="run">\(title)</p>
        <h1>\(verdict)</h1>
        \(testBadge)
        \(tiles)</header>
        """
    }

    /// Result in one sentence, with its interval and the baseline of the most frequent class.
    var verdict: HTML {
        guard let evaluation else { return "No result yet." }
        let (metrics, accuracy) = (evaluation.metrics, evaluation.intervals.accuracy)
        let images = Format.count(metrics.n, test == nil ? "validation image" : "test image")
        var baseline: HTML = ""
        if metrics.perClass.count > 1, let commonest = metrics.perClass.max(by: { $0.support < $1.support }) {
            let share = Double(commonest.support) / Double(metrics.n)
            baseline =
                accuracy.low > share
                ? "; always answering “\(commonest.name)” would be right \(Format.percent(share)) of the time"
                : ", which is not clearly better than always answering “\(commonest.name)” (\(Format.percent(share)))"
        }
        return """
            On \(images) the model is right <strong>\(Format.percent(metrics.accuracy))</strong> of the time \
            <span class="interval">(95 % interval \(Format.percent(accuracy)))</span>\(baseline).
            """
    }

    /// Badge with the number of uses of the test set.
    private var testBadge: HTML {
        let (kind, head, text): (String, String, String) =
            switch testUses {
            case _ where !hasTestSet:
                (
                    "quiet", "No test set",
                    "These are validation figures. They chose the weights that were kept, so they flatter the model."
                )
            case ...0:
                (
                    "quiet", "Test set sealed",
                    "Not opened yet. Validation figures chose the weights that were kept, so they flatter the model."
                )
            case 1: ("good", "Test set used once", "This is its first and only use, as it should be.")
            default:
                (
                    "bad", "Test set used \(Format.count(testUses)) times",
                    "Whoever chooses by a test result spends it: each further use makes these figures more flattering."
                )
            }
        return """
            <p class="badge \(kind)"><strong>\(head)</strong> \(text)</p>
            """
    }

    private var tiles: HTML {
        guard let evaluation else { return "" }
        let (metrics, intervals) = (evaluation.metrics, evaluation.intervals)
        var tiles: [(name: String, value: String, note: String)] = [
            ("Accuracy", Format.percent(metrics.accuracy), Format.percent(intervals.accuracy)),
            ("Macro-F1", Format.fixed(metrics.macroF1), Format.fixed(intervals.macroF1)),
            (
                "Balanced accuracy", Format.percent(metrics.balancedAccuracy),
                Format.percent(intervals.balancedAccuracy)
            ),
        ]
        if evaluation.auroc != nil {
            let note =
                metrics.perClass.count == 2 ? "ranking of the two classes" : "each class against the rest"
            tiles.append(("AUROC", Format.fixed(evaluation.auroc), note))
        }
        tiles.append(("Calibration error", Format.percent(evaluation.ece), "lower is better"))
        let cells = tiles.map { tile -> HTML in
            "<div><dt>\(tile.name)</dt><dd>\(tile.value)</dd><dd class=\"range\">\(tile.note)</dd></div>"
        }
        return """
            <dl class="tiles">\(cells.joined())</dl>
            <p class="note">Ranges are 95 % intervals. \(validationNote)</p>
            """
    }

    /// Validation metrics beside those of the test.
    private var validationNote: HTML {
        guard test != nil, let metrics = validation?.metrics else { return "" }
        return """
            On the \(Format.count(metrics.n, "validation image")), which chose the weights: accuracy \
            \(Format.percent(metrics.accuracy)), macro-F1 \(Format.fixed(metrics.macroF1)).
            """
    }

    private var warningBox: HTML {
        // A test's warnings hold its cautions already.
        var all: [String] = []
        for text in warnings + (evaluation?.cautions ?? []) where !all.contains(text) { all.append(text) }
        guard !all.isEmpty else { return "" }
        let items = all.map { text -> HTML in "<li>\(text)</li>" }
        return """
            <section class="warnings"><h2>To keep in mind</h2><ul>\(items.joined())</ul></section>
            """
    }

    private var whatWasDone: HTML {
        guard !phases.isEmpty else { return "" }
        let rows = phases.map { phase -> HTML in
            let range =
                phase.epochs.count == 1
                ? "\(phase.epochs.lowerBound)" : "\(phase.epochs.lowerBound)–\(phase.epochs.upperBound)"
            let rates = phase.learningRates.map { "\($0.group) \(Format.significant($0.value))" }
            let best = epochs.filter { phase.epochs.contains($0.epoch) }.compactMap(\.validationMacroF1)
                .filter(\.isFinite).max()
            let kept: HTML =
                bestEpoch.map { phase.epochs.contains($0) } == true
                ? " <span class=\"kept\">kept: epoch \(bestEpoch ?? 0)</span>" : ""
            return """
                <tr><th scope="row">\(phase.name)</th><td class="num">\(range)</td><td class="words">\(phase.summary)</td>\
                <td class="words">\(rates.joined(separator: ", "))</td>\
                <td class="num">\(Format.fixed(best))\(kept)</td></tr>
                """
        }
        return """
            <section><h2>What was done</h2>
            <div class="scroll"><table><thead><tr><th scope="col">phase</th><th scope="col" class="num">epochs</th>\
            <th scope="col">trained</th><th scope="col">learning rates</th>\
            <th scope="col" class="num">best validation macro-F1</th></tr></thead>
            <tbody>\(rows.joined())</tbody></table></div></section>
            """
    }

    private var factSection: HTML {
        let groups = facts.filter { !$0.facts.isEmpty }.map { group -> HTML in
            let rows = group.facts.map { fact -> HTML in
                "<div><dt>\(fact.name)</dt><dd>\(fact.value)</dd></div>"
            }
            return "<div><h3>\(group.title)</h3><dl class=\"facts\">\(rows.joined())</dl></div>"
        }
        guard !groups.isEmpty else { return "" }
        return
            "<section><h2>Facts of the run</h2><div class=\"fact-groups\">\(groups.joined())</div></section>"
    }
}
