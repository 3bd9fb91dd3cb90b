import Foundation

/// Text that holds its own SHA-256: whether somebody has changed it since is known. Of HTML and Markdown the last line, a
/// comment, has that of what stands above; of JSON the member ``member`` has that of the text with zeros in its place.
package enum SignedText {
    private static let start = "<!-- written by tailor, SHA-256 of the text above: "
    private static let end = " -->\n"

    /// Adds the line to a text that ends with a line feed.
    package static func signed(_ text: String) throws -> String {
        text + start + (try ContentHash.sha256(Data(text.utf8))) + end
    }

    /// Whether a file is as it was signed. Throws `FileError` and `ContentHashError`.
    package static func isUnchanged(_ url: URL) throws -> Bool {
        let text = String(decoding: try RegularFile.contents(of: url, maximumBytes: 64 << 20), as: UTF8.self)
        guard let range = text.range(of: start, options: .backwards) else { return false }
        return try signed(String(text[..<range.lowerBound])) == text
    }

    /// Name of the member in JSON.
    package static let member = "signature"
    /// What stands there before signing.
    package static let blank = String(repeating: "0", count: 64)

    /// Signs a document that `JSONFile` encoded, with ``blank`` in its member.
    package static func signed(json: Data) throws -> Data {
        let digest = try ContentHash.sha256(json)
        return Data(
            String(decoding: json, as: UTF8.self).replacing(entry(blank), with: entry(digest)).utf8)
    }

    /// Whether a document in JSON is as it was signed. Throws `FileError` and `ContentHashError`.
    package static func isUnchanged(json url: URL) throws -> Bool {
        let data = try RegularFile.contents(of: url, maximumBytes: 64 << 20)
        let text = String(decoding: data, as: UTF8.self)
        let start = "\"\(member)\" : \""
        guard let found = text.firstRange(of: start) else { return false }
        let digest = String(text[found.upperBound...].prefix(blank.count))
        return try signed(json: Data(text.replacing(entry(digest), with: entry(blank)).utf8)) == data
    }

    private static func entry(_ digest: String) -> String { "\"\(member)\" : \"\(digest)\"" }
}
