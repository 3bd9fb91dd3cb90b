import Foundation
import TailorDatasets
import TailorSupport
import TailorTerminal

extension ReviewPage {
    /// Draws the page. Its content security policy allows its own program, by hash, and nothing from elsewhere. Throws
    /// `JSONFileError`, `ContentHashError`.
    package func html() throws -> String {
        let program = ReviewProgram.text
        let page: HTML = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
            img-src data:; script-src 'sha256-\(HTML(markup: try Self.base64SHA256(program)))'; base-uri 'none'; \
            form-action 'none'"/>
            \(HTML(markup: HTML.generator(.review)))
            <meta name="color-scheme" content="light dark"/>
            <title>\(title) · review · Tailor</title>
            <style>\(HTML(markup: PageStyle.sheet + ReviewStyle.sheet + ReviewStyle.narrow))</style></head>
            <body>
            \(Self.skeleton)
            <footer>\(noteList)<p>\(origin)</p></footer>
            <script type="application/json" id="data">\(HTML(markup: try data()))</script>
            <script>\(HTML(markup: program))</script>
            </body></html>

            """
        return page.text
    }

    private var noteList: HTML {
        guard !notes.isEmpty else { return "" }
        let lines = notes.map { note -> HTML in "<li>\(note)</li>" }
        return "<details><summary>About this page</summary><ul>\(lines.joined())</ul></details>"
    }

    /// What the program works on.
    private struct Content: Encodable {
        let title: String
        let identity: String
        let classes: [String]
        let targetCount: Int
        let suspects: [Suspect]
        let decisions: [LabelDecision]
        let pictures: [[String]]
        /// Path, JPEG and class of each.
        let heatMaps: [[String]]
        let pages: [String]
        let number: Int
    }

    /// JSON that cannot end the element it stands in.
    private func data() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let content = Content(
            title: title, identity: identity, classes: classes, targetCount: targetCount, suspects: suspects,
            decisions: decisions, pictures: Self.pairs(pictures),
            heatMaps: heatMaps.sorted { $0.key < $1.key }.map {
                [$0.key.path, $0.value.jpeg.base64EncodedString(), $0.value.className]
            },
            pages: pages, number: number)
        var bytes: [UInt8] = []
        let encoded = try encoder.encode(content)
        bytes.reserveCapacity(encoded.count + 1024)
        for byte in encoded {
            if byte == UInt8(ascii: "<") { bytes += "\\u003c".utf8 } else { bytes.append(byte) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func pairs(_ images: [PathKey: Data]) -> [[String]] {
        images.sorted { $0.key < $1.key }.map { [$0.key.path, $0.value.base64EncodedString()] }
    }

    private static func base64SHA256(_ text: String) throws -> String {
        let digits = Array(try ContentHash.sha256(Data(text.utf8)))
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(digits[$0...$0 + 1]), radix: 16)
        }
        return Data(bytes).base64EncodedString()
    }
}
