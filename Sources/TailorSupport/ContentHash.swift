import Foundation

/// SHA-256 of contents, as 64 lower-case hexadecimal digits.
public enum ContentHash {
    /// Whose code computes, with its version.
    public static var library: String { SHA256Digest.library }

    /// Of bytes in memory. Throws `ContentHashError`.
    public static func sha256(_ data: Data) throws -> String {
        var hasher = try ContentHasher()
        try hasher.update(data)
        return try hasher.finish()
    }

    /// Of a regular file, read piece by piece. Throws `FileError` and `ContentHashError`.
    public static func sha256(contentsOf url: URL) throws -> String {
        let file = try RegularFile(reading: url)
        var hasher = try ContentHasher()
        // One buffer for the whole file: memory anew for each piece costs more time than hashing it.
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceBytes, alignment: 64)
        defer { piece.deallocate() }
        while true {
            let count = try file.read(into: piece)
            guard count > 0 else { return try hasher.finish() }
            try hasher.update(UnsafeRawBufferPointer(rebasing: piece[..<count]))
        }
    }

    private static let pieceBytes = 1 << 20
}

/// SHA-256 of what is handed over piece by piece.
///
/// It cannot be copied, because the digest behind it may be an object of a C library. Not for use from two
/// threads at once. What throws throws `ContentHashError`; a hasher that has thrown is of no more use.
public struct ContentHasher: ~Copyable {
    private var digest: SHA256Digest

    public init() throws { digest = try SHA256Digest() }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) throws { try digest.update(bytes) }

    public mutating func update(_ data: Data) throws {
        try data.withUnsafeBytes { try digest.update($0) }
    }

    /// The text's UTF-8 bytes.
    public mutating func update(_ text: String) throws {
        var text = text
        try text.withUTF8 { try digest.update(UnsafeRawBufferPointer($0)) }
    }

    /// The hash of everything so far; more may follow.
    public func finish() throws -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = try digest.current().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}

/// A hash that could not be computed. It says nothing about the contents: they may be in order.
public struct ContentHashError: CategorizedError, Equatable, Sendable {
    /// What was attempted, to be read after "could not".
    public let operation: String
    /// The library's reason.
    public let reason: String

    public var category: ErrorCategory { .work }

    public var description: String { "could not \(operation): \(reason)" }
}
