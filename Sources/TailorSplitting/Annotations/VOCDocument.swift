import Foundation
import TailorDatasets
import TailorSupport

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Content of a Pascal VOC file, as text.
///
/// The XML must be UTF-8 without a document type, so that there are no entities to expand and nothing to
/// fetch.
struct VOCDocument {
    struct Object {
        let line: Int
        var name: String?
        /// Edges by element name: `xmin`, `ymin`, `xmax`, `ymax`.
        var edges: [String: String] = [:]
    }

    let fileName: String?
    /// Size of the image; nil when the file states none, or 0 as some tools write.
    let size: AnnotatedImage.Size?
    let objects: [Object]

    /// Parses a file; throws the reason why it is refused.
    init(_ data: Data) throws(PathRefusal) {
        try Self.checkPlain(data)
        let handler = Handler()
        let parser = XMLParser(data: data)
        parser.shouldResolveExternalEntities = false
        parser.delegate = handler
        // The result alone is not enough: on Linux it is true for a truncated document.
        guard parser.parse(), parser.parserError == nil, handler.isComplete else {
            throw PathRefusal(handler.refusal ?? "not well-formed XML (line \(max(1, parser.lineNumber)))")
        }
        fileName = handler.fileName
        objects = handler.objects
        let (width, height) = (Int(handler.width ?? "") ?? 0, Int(handler.height ?? "") ?? 0)
        size = width > 0 && height > 0 ? AnnotatedImage.Size(width: width, height: height) : nil
    }

    /// Checks for UTF-8 without a document type, which other encodings could hide.
    private static func checkPlain(_ data: Data) throws(PathRefusal) {
        guard let text = String(data: data, encoding: .utf8), !data.contains(0) else {
            throw PathRefusal("expected XML in UTF-8")
        }
        let start = text.drop { $0 == "\u{FEFF}" || $0.isWhitespace }
        guard start.hasPrefix("<") else { throw PathRefusal("expected XML, got something else") }
        if start.hasPrefix("<?xml"), let end = start.firstRange(of: "?>")?.lowerBound {
            let declaration = start[..<end].lowercased()
            if declaration.contains("encoding"),
                !["utf-8", "utf8", "us-ascii", "ascii"].contains(where: {
                    declaration.contains("\"\($0)\"") || declaration.contains("'\($0)'")
                })
            {
                throw PathRefusal("expected XML in UTF-8, got another encoding on line 1")
            }
        }
        for forbidden in ["<!DOCTYPE", "<!ENTITY"] where data.range(of: Data(forbidden.utf8)) != nil {
            throw PathRefusal("\(forbidden) is refused: expected a plain document")
        }
        try checkInstructions(data)
    }

    /// Checks for processing instructions of a name alone, such as `<?name?>`: Foundation's parser on Linux
    /// reads their missing text and crashes.
    private static func checkInstructions(_ data: Data) throws(PathRefusal) {
        var rest = data
        while let start = rest.range(of: Data("<?".utf8)) {
            rest = rest[start.upperBound...]
            guard let end = rest.range(of: Data("?>".utf8)) else { return }
            guard rest[..<end.lowerBound].contains(where: { [0x20, 0x09, 0x0A, 0x0D].contains($0) }) else {
                throw PathRefusal("<?…?> without text is refused: expected a plain document")
            }
        }
    }
}

/// Delegate that collects the needed elements by their path from the root.
private final class Handler: NSObject, XMLParserDelegate {
    var fileName: String?
    var width: String?
    var height: String?
    var objects: [VOCDocument.Object] = []
    /// Reason for stopping the parser.
    var refusal: String?
    /// Whether the end of the root was reached.
    var isComplete = false
    private var path: [String] = []
    private var text = ""

    private static let maximumDepth = 32

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        path.append(name)
        text = ""
        if path.count == 1, name != "annotation" {
            stop(parser, "expected an annotation element, got \(name.printable)")
        } else if path.count > Self.maximumDepth {
            stop(parser, "nested deeper than \(Self.maximumDepth) elements")
        } else if path == ["annotation", "object"] {
            objects.append(VOCDocument.Object(line: parser.lineNumber))
        }
    }

    func parser(_ parser: XMLParser, foundCharacters characters: String) { text += characters }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) {
        let value = text.trimmingCharacters(in: .whitespacesAndNewlines)
        switch path {
        case ["annotation", "filename"]: fileName = value
        case ["annotation", "size", "width"]: width = value
        case ["annotation", "size", "height"]: height = value
        case ["annotation", "object", "name"]:
            if let last = objects.indices.last { objects[last].name = value }
        case let path where path.count == 4 && path.starts(with: ["annotation", "object", "bndbox"]):
            if let last = objects.indices.last { objects[last].edges[name] = value }
        default: break
        }
        if path.popLast() != name { stop(parser, "not well-formed XML") }
        isComplete = path.isEmpty
        text = ""
    }

    private func stop(_ parser: XMLParser, _ reason: String) {
        if refusal == nil { refusal = "\(reason) (line \(parser.lineNumber))" }
        parser.abortParsing()
    }
}
