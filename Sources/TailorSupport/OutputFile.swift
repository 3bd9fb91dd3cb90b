import Foundation

/// Rule for files that a user names to be written: a new name, or a file that Tailor has written itself.
/// Anything else that is there stays as it is.
package enum OutputFile {
    /// Sign by which a file of one kind shows that Tailor wrote it.
    package struct Mark: Sendable {
        /// The kind, with its article.
        package let kind: String
        /// Bytes among the first of the file.
        package let bytes: Data

        package init(kind: String, text: String) {
            self.kind = kind
            bytes = Data(text.utf8)
        }
    }

    /// Bytes from the beginning in which a mark is looked for.
    private static let markedLength = 1 << 18

    /// Checks a name before the work that leads to the file.
    ///
    /// - Parameter mark: nil where files of the kind carry none; only a new name is taken then.
    /// - Throws: ``OutputFileError`` for what would be lost, and where there is no folder for the file; `FileError`
    ///   where none can be written in it.
    package static func check(_ url: URL, mark: Mark?) throws {
        try checkReplaceable(url, mark: mark)
        try TemporaryFiles.checkWritable(
            url.absoluteURL.deletingLastPathComponent().path, for: url.path)
    }

    private static func checkReplaceable(_ url: URL, mark: Mark?) throws {
        let path = url.path
        var facts = stat()
        guard lstat(path, &facts) == 0 else {
            let folder = url.absoluteURL.deletingLastPathComponent().path
            guard stat(folder, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else {
                throw OutputFileError(
                    path: path, reason: "there is no folder \(folder.printable) to write it to")
            }
            return
        }
        guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw OutputFileError(path: path, reason: "exists already and is no file: choose another name")
        }
        // An empty file, as mktemp makes it, holds nothing to lose.
        if facts.st_size == 0 { return }
        guard let mark else {
            throw OutputFileError(path: path, reason: "exists already: choose another name, or remove it")
        }
        guard let file = try? FileHandle(forReadingFrom: url) else {
            throw OutputFileError(
                path: path, reason: "exists already and cannot be read: choose another name")
        }
        defer { try? file.close() }
        let start = (try? file.read(upToCount: markedLength)) ?? Data()
        guard start.range(of: mark.bytes) != nil else {
            throw OutputFileError(
                path: path,
                reason:
                    "exists already and is not \(mark.kind) of tailor's: choose another name, or remove it")
        }
    }
}

/// A file that is not to be written.
public struct OutputFileError: CategorizedError, Equatable, Sendable {
    public let path: String
    public let reason: String

    package init(path: String, reason: String) { (self.path, self.reason) = (path, reason) }

    public var category: ErrorCategory { .input }
    public var description: String { "\(path.printable): \(reason)" }
}
