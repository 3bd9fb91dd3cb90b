import Foundation

extension CheckPage {
    /// A contact sheet: rows of related images, for instance an image with its augmentations.
    package struct ContactSheet: Sendable, Hashable {
        package struct Row: Sendable, Hashable {
            package var label: String
            /// Thumbnails as JPEG, from left to right.
            package var images: [Data]

            package init(label: String, images: [Data]) {
                self.label = label
                self.images = images
            }
        }

        package var title: String
        package var caption: String
        package var rows: [Row]

        package init(title: String, caption: String, rows: [Row]) {
            self.title = title
            self.caption = caption
            self.rows = rows
        }
    }
}

extension CheckPage.ContactSheet {
    /// Table of the sheet, empty without images.
    var html: HTML {
        let rows = rows.filter { !$0.images.isEmpty }
        guard let columns = rows.map(\.images.count).max() else { return "" }
        let lines = rows.map { row -> HTML in
            let images = row.images.enumerated().map { index, image in
                "<td>\(HTML.image(image, alt: "\(row.label), \(index + 1)"))</td>" as HTML
            }
            let missing = HTML(markup: String(repeating: "<td></td>", count: columns - row.images.count))
            return
                "<tr><th scope=\"row\">\(HTML.path(row.label))</th>\(images.joined(separator: ""))\(missing)</tr>"
        }
        return """
            <section><h2>\(title)</h2><p class="note">\(caption)</p>
            <div class="scroll"><table class="sheet" style="min-width:\(7 + 5 * columns)rem;max-width:\(7 + 9 * columns)rem"><tbody>\(lines.joined())</tbody></table></div></section>
            """
    }
}
