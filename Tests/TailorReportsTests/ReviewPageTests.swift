import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// The page on which labels are decided about, as text; `Scripts/verify_review.py` works it in a browser.
@Suite struct ReviewPageTests {
    private static let evil = "train/</script><script>alert(1)</script>/\u{2028}\u{202E}\"'=,\n.jpg"

    private static func page() -> ReviewPage {
        var suspect = ReviewPage.Suspect(
            path: evil, sha256: "00", label: 0, part: .train, kinds: [.label], reasons: ["looks like <b>"],
            neighbours: [.init(path: "test/x.jpg", label: nil, part: .test)])
        suspect.suggestion = 1
        suspect.suggestionProbability = 0.75
        return ReviewPage(
            title: "</title><b>", identity: "cafe", classes: ["a", "<b>"], targetCount: 2,
            suspects: [suspect], pictures: [PathKey(evil): Data([0xFF, 0xD8, 0xFF, 0])],
            heatMaps: [PathKey(evil): .init(jpeg: Data([0xFF, 0xD8, 0xFF, 1]), className: "<b>")],
            notes: ["Sealed & <so>."])
    }

    /// The data in the page, read as a browser does: up to the first end tag.
    private func data(in html: String) throws -> JSONValue {
        let start = try #require(html.range(of: "<script type=\"application/json\" id=\"data\">")).upperBound
        let end = try #require(html.range(of: "</script", range: start..<html.endIndex)).lowerBound
        return try JSONReader.value(of: String(html[start..<end]))
    }

    @Test func namesCannotBreakOut() throws {
        let html = try Self.page().html()
        #expect(occurrences(of: "<script", in: html) == 2)
        expect(html, lacks: "alert(1)</script")
        expect(html, lacks: "<b>")
        expect(html, contains: "<title>&lt;/title&gt;&lt;b&gt; · review · Tailor</title>")
        expect(html, contains: "<li>Sealed &amp; &lt;so&gt;.</li>")
        let data = try data(in: html)
        #expect(data["suspects"][0]["path"] == .text(Self.evil))
        #expect(data["suspects"][0]["suggestion"] == .integer(1))
        #expect(data["pictures"] == .array([.array([.text(Self.evil), .text("/9j/AA==")])]))
        #expect(
            data["heatMaps"] == .array([.array([.text(Self.evil), .text("/9j/AQ=="), .text("<b>")])]))
        #expect(
            data["suspects"][0]["neighbours"]
                == .array([.object(["path": .text("test/x.jpg"), "part": .text("test")])]))
    }

    /// Nothing but its own program, known by its hash, and nothing from elsewhere.
    @Test func nothingComesFromElsewhere() throws {
        let html = try Self.page().html()
        let program = try #require(html.range(of: "<script>")).upperBound
        let end = try #require(html.range(of: "</script>", range: program..<html.endIndex)).lowerBound
        let digits = try ContentHash.sha256(Data(html[program..<end].utf8))
        let bytes = stride(from: 0, to: 64, by: 2).map { index -> UInt8 in
            let start = digits.index(digits.startIndex, offsetBy: index)
            return UInt8(digits[start...digits.index(after: start)], radix: 16) ?? 0
        }
        expect(
            html,
            contains: "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
                + "script-src 'sha256-\(Data(bytes).base64EncodedString())'; base-uri 'none'; form-action 'none'"
        )
        for trace in ["http:", "https:", "<link", "@import", "url(", "import(", "fetch(", "eval("] {
            expect(html, lacks: trace)
        }
        expect(html, contains: HTMLMark.generator)
    }
}

private enum HTMLMark {
    static let generator = String(decoding: ReviewPage.generatorMark.bytes, as: UTF8.self)
}

extension JSONValue {
    fileprivate subscript(_ name: String) -> JSONValue {
        guard case .object(let members) = self else { return .null }
        return members[name] ?? .null
    }

    fileprivate subscript(_ index: Int) -> JSONValue {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return .null }
        return elements[index]
    }
}
