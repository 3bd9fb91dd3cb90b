import TailorTerminal

extension RunReport {
    /// The model that was exported, on the same test images.
    public struct Exported: Sendable {
        /// As `int8`.
        public var name: String
        public var results: Results
        /// Share of the images to which both give the same class, 0...1.
        public var sameClass: Double

        public init(name: String, results: Results, sameClass: Double) {
            self.name = name
            self.results = results
            self.sameClass = sameClass
        }
    }

    /// Trained and exported side by side; they were tested in one use of the test set.
    var exportedSection: HTML {
        guard let exported, let test else { return "" }
        let other = exported.results
        let rows: [(String, String, String)] = [
            (
                "Macro-F1", "\(Format.fixed(test.macroF1)) (\(Format.fixed(test.macroF1Interval)))",
                "\(Format.fixed(other.macroF1)) (\(Format.fixed(other.macroF1Interval)))"
            ),
            (
                "Balanced accuracy",
                "\(Format.percent(test.balancedAccuracy)) (\(Format.percent(test.balancedAccuracyInterval)))",
                "\(Format.percent(other.balancedAccuracy)) (\(Format.percent(other.balancedAccuracyInterval)))"
            ),
            (
                "Accuracy", "\(Format.percent(test.accuracy)) (\(Format.percent(test.accuracyInterval)))",
                "\(Format.percent(other.accuracy)) (\(Format.percent(other.accuracyInterval)))"
            ),
            ("Calibration error", Format.percent(test.ece), Format.percent(other.ece)),
        ]
        let body = rows.map { row -> HTML in
            """
            <tr><th scope="row">\(row.0)</th><td class="num">\(row.1)</td><td class="num">\(row.2)</td></tr>
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
