extension CheckPage.ContactSheet {
    /// A row a line of pictures; nothing when there is none.
    var html: HTML {
        let rows = rows.filter { !$0.pictures.isEmpty }
        guard let columns = rows.map(\.pictures.count).max() else { return "" }
        let lines = rows.map { row -> HTML in
            let pictures = row.pictures.enumerated().map { index, picture in
                "<td>\(HTML.picture(picture, alt: "\(row.label), \(index + 1)"))</td>" as HTML
            }
            let missing = HTML(markup: String(repeating: "<td></td>", count: columns - row.pictures.count))
            return
                "<tr><th scope=\"row\">\(HTML.path(row.label))</th>\(pictures.joined(separator: ""))\(missing)</tr>"
        }
        return """
            <section><h2>\(title)</h2><p class="note">\(caption)</p>
            <div class="scroll"><table class="sheet" style="min-width:\(7 + 5 * columns)rem;max-width:\(7 + 9 * columns)rem"><tbody>\(lines.joined())</tbody></table></div></section>
            """
    }
}
