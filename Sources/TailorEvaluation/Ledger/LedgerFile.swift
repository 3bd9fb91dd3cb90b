import Foundation
import TailorSupport

/// File of entries that is only appended to: a line of JSON each, which holds the SHA-256 of the line before,
/// so that a line removed or changed is noticed.
///
/// A second file, the anchor, holds the newest line, so that lines cut off the end, or a deleted file, are
/// noticed too. It guards against oversight and cleaning up, not against forgery.
package struct LedgerFile: Sendable {
    package let url: URL
    package let anchorURL: URL

    /// The newest line.
    package struct Anchor: Codable, Sendable {
        var uses: Int
        var lines: Int
        var lastLine: String
        /// Test set of the newest line; earlier versions recorded none.
        var testSet: String?

        enum CodingKeys: String, CodingKey {
            case uses, lines
            case lastLine = "last_line"
            case testSet = "test_set"
        }
    }

    /// Reads the file and checks its chain. A file that does not exist has no entries, unless the anchor
    /// says otherwise. Throws `FileError` when it is there but cannot be read, and `ContentHashError`.
    package func inspect() throws -> Inspection {
        // Not FileManager.fileExists, which is also false without permission: that is no unused test set.
        var facts = stat()
        if stat(url.path, &facts) != 0, errno == ENOENT { return try inspect(Data()) }
        return try inspect(RegularFile.contents(of: url, maximumBytes: Self.maximumBytes))
    }

    /// Holds the file's lock during `body`; creates the file and its folder if need be.
    func locked<Result>(_ body: (inout Session) throws -> Result) throws -> Result {
        try Folder.create(url.deletingLastPathComponent())
        let file = try LockedAppendFile(url: url)
        defer { file.close() }
        let bytes = try file.contents(maximumBytes: Self.maximumBytes)
        var session = Session(
            file: file, anchorURL: anchorURL, inspection: try inspect(bytes),
            isCutShort: !bytes.isEmpty && bytes.last != UInt8(ascii: "\n"))
        return try body(&session)
    }

    /// The locked file.
    struct Session {
        fileprivate let file: LockedAppendFile
        fileprivate let anchorURL: URL
        fileprivate private(set) var lineCount: Int
        fileprivate private(set) var lastLineHash: String
        private var isCutShort: Bool
        /// Contents when the lock was taken.
        let inspection: Inspection

        fileprivate init(
            file: LockedAppendFile, anchorURL: URL, inspection: Inspection, isCutShort: Bool
        ) {
            self.file = file
            self.anchorURL = anchorURL
            self.inspection = inspection
            self.isCutShort = isCutShort
            lineCount = inspection.lineCount
            lastLineHash = inspection.lastLineHash
        }

        /// Appends an entry and flushes it to the disk.
        mutating func append(_ entry: TestLedger.Entry) throws {
            var linked = entry
            linked.previous = lastLineHash
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let line = try encoder.encode(linked)
            // A line that a crash cut short is kept as evidence; it gets its line end first.
            try file.append((isCutShort ? Data("\n".utf8) : Data()) + line + Data("\n".utf8))
            isCutShort = false
            lineCount += 1
            lastLineHash = try ContentHash.sha256(line)
            try JSONFile.write(
                Anchor(
                    uses: linked.use, lines: lineCount, lastLine: lastLineHash, testSet: linked.testSet),
                to: anchorURL)
        }
    }

    /// Largest file that is read, in bytes; room for more than a hundred thousand uses.
    private static let maximumBytes = 64 << 20
}

/// Folders for records.
enum Folder {
    /// Creates a folder and those above it. Throws `FileError`.
    static func create(_ url: URL) throws {
        func make() -> Int32 { mkdir(url.path, 0o777) == 0 ? 0 : errno }
        var code = make()
        if code == ENOENT, url.path != "/" {
            try create(url.deletingLastPathComponent())
            code = make()
        }
        guard code == EEXIST else {
            if code == 0 { return }
            throw FileError(operation: "create", path: url.path, code: code)
        }
        var facts = stat()
        guard stat(url.path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else {
            throw FileError(operation: "create", path: url.path, reason: "there is a file of this name")
        }
    }
}
