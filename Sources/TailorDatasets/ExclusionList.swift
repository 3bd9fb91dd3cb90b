import Foundation
import TailorSupport

/// List of files to exclude from training: one path from the dataset's folder per line.
///
/// A line in double quotes is a JSON string, for names with line breaks; empty lines and lines that begin
/// with `#` are skipped. `DatasetFolder.excluding` finds what a line names.
public struct ExclusionList: Sendable, Equatable {
    /// Sign by which an earlier list is known, which may be replaced.
    package static let mark = OutputFile.Mark(kind: "a list", text: "# tailor check: ")

    public let paths: [String]

    public init(_ paths: [String]) { self.paths = paths }

    /// Reads a list in UTF-8, or in UTF-16 with a byte order mark. Throws `FileError` when the file cannot be
    /// read, ``ExclusionListError`` for a line that is no path.
    public init(contentsOf url: URL) throws {
        let data = try RegularFile.contents(of: url, maximumBytes: 256 << 20)
        guard let text = String(textFile: data), !text.utf8.contains(0) else {
            throw ExclusionListError(
                description:
                    "\(url.path.printable): expected a text in UTF-8, or in UTF-16 with a byte order mark"
            )
        }
        var paths: [String] = []
        for (number, line) in text.lines.enumerated() {
            let trimmed = line.trimmed
            if trimmed.isEmpty || line.begins(with: "#") { continue }
            guard trimmed.begins(with: "\"") else {
                paths.append(line)
                continue
            }
            guard let path = try? JSONDecoder().decode(String.self, from: Data(trimmed.utf8)) else {
                throw ExclusionListError(
                    description: "\(url.path.printable), line \(number + 1): expected a path or a JSON string"
                )
            }
            paths.append(path)
        }
        self.init(paths)
    }

    /// Throws ``OutputFileError`` where writing would lose something: another file, or lines that somebody has added to
    /// an earlier list or changed in it. `FileError`, `ContentHashError`.
    package static func checkReplaceable(_ url: URL) throws {
        try OutputFile.check(url, mark: mark)
        guard let text = (try? Data(contentsOf: url)).map({ String(decoding: $0, as: UTF8.self) }) else {
            return
        }
        let lines = text.utf8.split(
            separator: UInt8(ascii: "\n"), maxSplits: 2, omittingEmptySubsequences: false)
        // Lists of earlier versions have no hash.
        guard lines.count == 3, Substring(lines[1]).hasPrefix(hashMark) else { return }
        let found = try ContentHash.sha256(Data(lines[2]))
        guard !Substring(lines[1]).hasSuffix(found) else { return }
        throw OutputFileError(
            path: url.path,
            reason:
                "has been changed since tailor wrote it, which would be lost: choose another name, or remove it"
        )
    }

    private static let hashMark = "# as written: SHA-256 "

    /// Writes the list below a comment that says what it is, and a hash by which changes are seen. Throws `FileError`,
    /// `ContentHashError`.
    public func write(to url: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let lines = try paths.map { path -> String in
            let isPlain =
                !path.isEmpty && !path.begins(with: "\"") && !path.begins(with: "#")
                && path.unicodeScalars.first != "\u{FEFF}"
                && !path.unicodeScalars.contains { $0.value < 32 } && path.trimmed == path
            return isPlain ? path : String(decoding: try encoder.encode(path), as: UTF8.self)
        }
        let listed = Data(lines.map { $0 + "\n" }.joined().utf8)
        var data = Self.mark.bytes + Data("files to leave out; train --exclude-from takes this list\n".utf8)
        data += Data("\(Self.hashMark)\(try ContentHash.sha256(listed))\n".utf8) + listed
        try AtomicFile.write(data, to: url)
    }
}

/// Invalid exclusion list.
public struct ExclusionListError: CategorizedError, Equatable, Sendable {
    public var category: ErrorCategory { .input }

    public let description: String
}
