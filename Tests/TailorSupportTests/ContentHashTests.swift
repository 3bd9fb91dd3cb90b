import Foundation
import TailorSupport
import TestSupport
import Testing

@Suite struct ContentHashTests {
    /// NIST's examples for SHA-256, from FIPS 180-2 and the SHAVS byte vectors.
    private static let vectors = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ]
    private static let millionLetters = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

    @Test(arguments: vectors)
    func knownHashes(text: String, expected: String) throws {
        #expect(try ContentHash.sha256(Data(text.utf8)) == expected)
        var whole = try ContentHasher()
        try whole.update(text)
        #expect(try whole.finish() == expected)
        var pieces = try ContentHasher()
        for character in text { try pieces.update(String(character)) }
        #expect(try pieces.finish() == expected)
    }

    @Test func aMillionLetters() throws {
        let letters = Data(repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(try ContentHash.sha256(letters) == Self.millionLetters)
    }

    /// Lengths about SHA-256's blocks of 64 bytes, of which the last holds the length.
    @Test(arguments: [1, 55, 56, 63, 64, 65, 127, 1000, 100_000])
    func oddPiecesGiveTheSame(count: Int) throws {
        let data = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 8) })
        let expected = try ContentHash.sha256(data)
        for size in [1, 3, 63, 64, 65, 4099] {
            var hasher = try ContentHasher()
            for start in stride(from: 0, to: count, by: size) {
                // Slices: their indices do not begin at 0.
                try hasher.update(data[start..<min(start + size, count)])
                try hasher.update(Data())
            }
            #expect(try hasher.finish() == expected, "pieces of \(size)")
        }
    }

    @Test func moreMayFollowAfterFinishing() throws {
        var hasher = try ContentHasher()
        #expect(try hasher.finish() == Self.vectors[0].1)
        try hasher.update("ab")
        let early = try hasher.finish()
        #expect(try hasher.finish() == early, "asking changes nothing")
        try hasher.update("c")
        #expect(try hasher.finish() == Self.vectors[1].1)
        #expect(try early == ContentHash.sha256(Data("ab".utf8)))
    }

    @Test func aFileOfSeveralPieces() throws {
        let folder = try TemporaryFolder()
        let url = folder.file("a\nb")
        try Data(repeating: UInt8(ascii: "a"), count: 3_000_000).write(to: url)
        // Of three million a's, from coreutils' sha256sum.
        #expect(
            try ContentHash.sha256(contentsOf: url)
                == "2a152c894398719c0570f83fac34ac03a0f6e8e474b995c2403aa5434f7b9dd4")
        try Data(repeating: UInt8(ascii: "a"), count: 1_000_000).write(to: url)
        #expect(try ContentHash.sha256(contentsOf: url) == Self.millionLetters)
        try Data().write(to: url)
        #expect(try ContentHash.sha256(contentsOf: url) == Self.vectors[0].1)
    }

    @Test func notAFile() throws {
        let folder = try TemporaryFolder()
        let pipe = folder.file("pipe")
        #expect(mkfifo(pipe.path, 0o600) == 0)
        let cases = [
            (folder.url, "could not read \(folder.url.path): not a regular file (a folder)"),
            (pipe, "could not read \(pipe.path): not a regular file (a FIFO)"),
            (folder.file("no"), "could not read \(folder.url.path)/no: no such file or directory"),
        ]
        for (url, expected) in cases {
            let error = #expect(throws: FileError.self) { try ContentHash.sha256(contentsOf: url) }
            #expect(error?.description == expected)
        }
    }

    #if os(Linux)
        /// A build of libcrypto without SHA-256, or one that may not use it, answers so.
        @Test func anAlgorithmThatLibcryptoLacks() throws {
            let error = #expect(throws: ContentHashError.self) {
                _ = try SHA256Digest(algorithm: "no such algorithm")
            }
            #expect(error?.operation == "find the algorithm no such algorithm")
            #expect(error?.reason.hasSuffix(":unsupported") == true, "\(error?.reason ?? "no reason")")
            #expect(
                error?.description
                    == "could not find the algorithm no such algorithm: \(error?.reason ?? "")")
            // What failed before leaves no trace.
            #expect(try ContentHash.sha256(Data("abc".utf8)) == Self.vectors[1].1)
        }
    #endif
}
