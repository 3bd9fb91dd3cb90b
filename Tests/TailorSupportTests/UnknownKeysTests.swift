import Foundation
import TailorSupport
import Testing

/// Keys that a decoder would pass over in silence.
@Suite struct UnknownKeysTests {
    private struct Part: Codable {
        var size = 1
        var note: String?
    }

    private struct Whole: Codable {
        var name = "a"
        var parts = [Part(), Part()]
        var inner = Part()
        var limit: Double?
    }

    static let documents: [(json: String, unknown: [String])] = [
        (#"{"name": "b", "parts": [{"size": 2}], "inner": {"size": 3}}"#, []),
        (#"{"name": "b", "parts": [], "inner": {"size": 3, "note": "x"}, "limit": 1}"#, []),
        (#"{"name": "b", "parts": [], "inner": {"size": 3, "note": null}, "limit": null}"#, []),
        (#"{"nmae": "c", "name": "b", "parts": [], "inner": {"size": 3}}"#, ["nmae"]),
        (#"{"name": "b", "limti": 2, "parts": [], "inner": {"size": 3}}"#, ["limti"]),
        (#"{"name": "b", "parts": [], "inner": {"size": 3, "nose": "x"}}"#, ["inner.nose"]),
        (
            #"{"name": "b", "parts": [{"size": 1}, {"size": 2, "szie": 3}], "inner": {"size": 3}, "x": {}}"#,
            ["parts[1].szie", "x"]
        ),
    ]

    @Test(arguments: documents.indices) func unknownKeys(_ index: Int) throws {
        let data = Data(Self.documents[index].json.utf8)
        let value = try JSONFile.decode(Whole.self, from: data)
        let unknown = try JSONFile.unknownKeys(in: data, of: value, examples: [Whole(limit: 1)])
        #expect(unknown.map(\.path) == Self.documents[index].unknown)
    }

    @Test func knownNamesIncludeThoseLeftOut() throws {
        let data = Data(#"{"name": "b", "limti": 2, "parts": [], "inner": {"size": 3}}"#.utf8)
        let value = try JSONFile.decode(Whole.self, from: data)
        let unknown = try JSONFile.unknownKeys(in: data, of: value, examples: [Whole(limit: 1)])
        #expect(unknown.first?.key == "limti" && unknown.first?.known == ["inner", "limit", "name", "parts"])
    }
}
