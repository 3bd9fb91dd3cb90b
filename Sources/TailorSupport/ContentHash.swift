import Crypto
import Foundation

/// SHA-256 of contents, as 64 lower-case hexadecimal digits.
public enum ContentHash {
    /// Of bytes in memory.
    public static func sha256(_ data: Data) -> String {
        hexadecimal(SHA256.hash(data: data))
    }

    /// Of a regular file, read in pieces of 1 MiB. Throws `FileError`.
    public static func sha256(contentsOf url: URL) throws -> String {
        let file = try RegularFile(reading: url)
        var hasher = ContentHasher()
        while let piece = try file.read(upTo: 1 << 20) { hasher.update(piece) }
        return hasher.finish()
    }

    fileprivate static func hexadecimal(_ digest: SHA256.Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(2 * SHA256.byteCount)
        for byte in digest {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// SHA-256 of what is handed over piece by piece.
public struct ContentHasher {
    private var hasher = SHA256()

    public init() {}

    public mutating func update(_ data: Data) { hasher.update(data: data) }

    /// The text's UTF-8 bytes.
    public mutating func update(_ text: String) { hasher.update(data: Data(text.utf8)) }

    /// The hash of everything so far; more may follow.
    public func finish() -> String { ContentHash.hexadecimal(hasher.finalize()) }
}
