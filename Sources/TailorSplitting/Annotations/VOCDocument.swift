import Foundation
import TailorDatasets
import TailorSupport

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// What one Pascal VOC file says, as text.
///
/// The XML is held to plain UTF-8 without a document type: no entities to expand, nothing to fetch.
struct VOCDocument {
    struct Object {
        let line: Int
        var name: String?
        /// By the element's name: `xmin`, `ymin`, `xmax`, `ymax`.
        var edges: [String: String] = [:]
    }

    let fileName: String?
    /// Nil where the file does not say, or says 0 as some writers do.
    let size: AnnotatedImage.Size?
    let objects: [Object]

    /// Throws the reason why it is refused.
    init(_ data: Data) throws(PathRefusal) {
        try Self.checkPlain(data)
        let handler = Handler()
        let parser = XMLParser(data: data)
        parser.shouldResolveExternalEntities = false
        parser.delegate = handler
        // The result alone does not tell: on Linux it is true for a document that ends early.
        guard parser.parse(), parser.parserError == nil, handler.isComplete else {
            throw PathRefusal(handler.refusal ?? "not well-formed XML (line \(max(1, parser.lineNumber)))")
        }
        fileName = handler.fileName
        objects = handler.objects
        let (width, height) = (Int(handler.width ?? "") ?? 0, Int(handler.height ?? "") ?? 0)
        size = width > 0 && height > 0 ? AnnotatedImage.Size(width: width, height: height) : nil
    }

    /// In UTF-8 a document type can only be spelt one way; other encodings could hide it.
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
    }
}

/// Collects the few elements that count, by their path from the root.
private final class Handler: NSObject, XMLParserDelegate {
    var fileName: String?
    var width: String?
    var height: String?
    var objects: [VOCDocument.Object] = []
    /// Our own reason to stop.
    var refusal: String?
    /// Whether the root's end was seen.
    var isComplete = false
    private var path: [String] = []
    private var text = ""

    private static let depthAtMost = 32

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        path.append(name)
        text = ""
        if path.count == 1, name != "annotation" {
            stop(parser, "expected an annotation element, got \(name.printable)")
        } else if path.count > Self.depthAtMost {
            stop(parser, "nested deeper than \(Self.depthAtMost) elements")
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
