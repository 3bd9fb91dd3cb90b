import Foundation

extension HTML {
    /// A path that may break after a slash or an underscore.
    static func path(_ path: String) -> HTML {
        var text = ""
        for character in escape(path) {
            text.append(character)
            if character == "/" || character == "_" { text += "<wbr/>" }
        }
        return HTML(markup: text)
    }

    /// A JPEG file within the page, or a tile that says there is none.
    static func picture(_ jpeg: Data?, alt: String) -> HTML {
        guard let jpeg else { return "<div class=\"no-picture\">no picture</div>" }
        return "<img alt=\"\(alt)\" src=\"data:image/jpeg;base64,\(jpeg.base64EncodedString())\"/>"
    }

    /// A whole page: one file that needs nothing else, prints, and follows the reader's light or dark setting.
    ///
    /// Its own policy forbids scripts and the network.
    static func page(title: String, style: String, content: HTML) -> String {
        let page: HTML = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta http-equiv="Content-Security-Policy" \
            content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"/>
            <meta name="color-scheme" content="light dark"/>
            <title>\(title) · Tailor</title>
            <style>\(HTML(markup: style))</style></head>
            <body><main>
            \(content)
            </main></body></html>

            """
        return page.text
    }
}
