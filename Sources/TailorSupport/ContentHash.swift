import Foundation

/// SHA-256 as 64 lower-case hexadecimal digits.
package enum ContentHash {
    /// Library that computes the hash, with its version.
    package static var library: String { SHA256Digest.library }

    /// SHA-256 of bytes in memory. Throws `ContentHashError`.
    package static func sha256(_ data: Data) throws -> String {
        var hasher = try ContentHasher()
        try hasher.update(data)
        return try hasher.finish()
    }

    /// SHA-256 of a regular file, read in chunks. Throws `FileError` and `ContentHashError`.
    package static func sha256(contentsOf url: URL) throws -> String {
        let file = try RegularFile(reading: url)
        var hasher = try ContentHasher()
        // One buffer for all chunks: allocating each costs more time than hashing it.
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: chunkBytes, alignment: 64)
        defer { chunk.deallocate() }
        while true {
            let count = try file.read(into: chunk)
            guard count > 0 else { return try hasher.finish() }
            try hasher.update(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
        }
    }

    private static let chunkBytes = 1 << 20
}

/// Incremental SHA-256.
///
/// Not copyable, because the digest may be an object of a C library, and not thread-safe. Errors are
/// `ContentHashError`; a hasher that has thrown must not be used any more.
package struct ContentHasher: ~Copyable {
    private var digest: SHA256Digest

    package init() throws { digest = try SHA256Digest() }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) throws { try digest.update(bytes) }

    package mutating func update(_ data: Data) throws {
        try data.withUnsafeBytes { try digest.update($0) }
    }

    /// Adds the text's UTF-8 bytes.
    package mutating func update(_ text: String) throws {
        var text = text
        try text.withUTF8 { try digest.update(UnsafeRawBufferPointer($0)) }
    }

    /// Hash of everything added so far; more may follow.
    package func finish() throws -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = try digest.current().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}

/// Failure to compute a hash; the contents themselves may be fine.
public struct ContentHashError: CategorizedError, Equatable, Sendable {
    /// Attempted operation, phrased to follow "could not".
    public let operation: String
    /// Reason that the library gave.
    public let reason: String

    public var category: ErrorCategory { .work }

    public var description: String { "could not \(operation): \(reason)" }
}
