import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

// A failure should name the part, not print the page.

func expect(_ page: String, contains part: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let isThere = page.contains(part)
    #expect(isThere, "missing: \(part)", sourceLocation: sourceLocation)
}

func expect(_ page: String, lacks part: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let isThere = page.contains(part)
    #expect(!isThere, "there: \(part)", sourceLocation: sourceLocation)
}

/// `parts` stand in the page in this order.
func expect(_ page: String, inOrder parts: [String], sourceLocation: SourceLocation = #_sourceLocation) {
    var rest = page[...]
    for part in parts {
        guard let range = rest.range(of: part) else {
            Issue.record("missing here: \(part)", sourceLocation: sourceLocation)
            return
        }
        rest = rest[range.upperBound...]
    }
}

/// How often `part` stands in the page.
func occurrences(of part: String, in page: String) -> Int { page.components(separatedBy: part).count - 1 }

/// Well-formed, self-contained, without script.
func expectSound(_ page: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let parser = XMLParser(data: Data(page.utf8))
    let isWellFormed = parser.parse()
    #expect(
        isWellFormed,
        "line \(parser.lineNumber): \(parser.parserError.map(String.init(describing:)) ?? "")",
        sourceLocation: sourceLocation)
    for trace in ["HTML(", "http:", "https:", "//", "<script", "<link", "@import", "url("] {
        expect(
            page.replacingOccurrences(of: "base64,/9j/", with: ""), lacks: trace,
            sourceLocation: sourceLocation)
    }
    expect(page, contains: "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"")
}
