import TailorTerminal

extension RunReport {
    /// Images with their answers, and where in them these were seen.
    var exampleSections: HTML {
        let groups = exampleGroups.filter { !$0.examples.isEmpty }
        let legend: HTML =
            groups.contains { $0.examples.contains { $0.heatMap != nil } }
            ? """
            <p class="note">Beside each picture: where in it the answer was seen, from dark over orange to yellow, and \
            a line around what reaches half of the most. What is not lit spoke for it little, or against it. Dark grey: \
            cut off before the network.</p>
            """ : ""
        return groups.enumerated().map { index, group -> HTML in
            """
            <section><h2>\(group.title)</h2>
            <p class="note">\(group.note)</p>\(index == 0 ? legend : "")
            <ul class="examples">\(group.examples.map(Self.card).joined())</ul></section>
            """
        }.joined()
    }

    private static func card(_ example: Example) -> HTML {
        let isRight = example.label == example.predicted
        let image = HTML.image(
            example.thumbnail,
            alt: isRight ? example.label : "\(example.label) taken for \(example.predicted)")
        let map: HTML =
            example.heatMap.map { HTML.image($0, alt: "where \(example.predicted) was seen") } ?? ""
        let truth: HTML = isRight ? "" : "<br/>is <em>\(example.label)</em>"
        return """
            <li><div class="seen">\(image)\(map)</div><p><strong>\(example.predicted)</strong> \
            \(Format.percent(example.probability))\(truth)</p>\
            <p class="path">\(HTML.path(example.path))</p></li>
            """
    }
}
