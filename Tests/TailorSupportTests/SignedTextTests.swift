import Foundation
import TailorSupport
import TestSupport
import Testing

@Suite struct SignedTextTests {
    @Test func changesAreSeen() throws {
        let folder = try TemporaryFolder()
        let url = folder.url.appending(path: "card.md")
        let signed = try SignedText.signed("# A\n\ntext\n\n")
        for (text, unchanged) in [
            (signed, true), (signed.replacingOccurrences(of: "text", with: "texts"), false),
            (signed + "\n", false), ("# mine\n", false), ("", false),
            ("x" + signed, false),
        ] {
            try Data(text.utf8).write(to: url)
            #expect(try SignedText.isUnchanged(url) == unchanged, "\(text)")
        }
    }

    @Test func changesOfJSONAreSeen() throws {
        struct Facts: Codable {
            var name: String
            var signature = SignedText.blank
        }
        let folder = try TemporaryFolder()
        let url = folder.url.appending(path: "facts.json")
        let signed = try SignedText.signed(json: JSONFile.encode(Facts(name: "a")))
        let text = String(decoding: signed, as: UTF8.self)
        #expect(!text.contains(SignedText.blank))
        for (text, unchanged) in [
            (text, true), (text.replacingOccurrences(of: "\"a\"", with: "\"b\""), false),
            (text + "\n", false),
            ("{}\n", false), (String(decoding: try JSONFile.encode(Facts(name: "a")), as: UTF8.self), false),
        ] {
            try Data(text.utf8).write(to: url)
            #expect(try SignedText.isUnchanged(json: url) == unchanged, "\(text)")
        }
    }
}
