import Foundation

/// Place of a folder that appears whole or not at all; nothing is there yet, or an empty folder, or one that may be
/// replaced.
package struct NewFolder: Sendable {
    /// Absolute path.
    package let path: String

    private var replaces = false

    /// Checks a place without creating anything.
    ///
    /// - Parameter isOwn: whether all that lies in a folder was written by Tailor, so that it may be replaced; `nil` where
    ///   none may.
    ///
    /// Throws ``OutputFileError`` for what is there already and for the current folder, `FileError` where nothing can
    /// be made or looked at.
    package init(_ url: URL, isOwn: ((_ folder: String) -> Bool)? = nil) throws {
        let given = Self.trimmed(url.absoluteURL.standardizedFileURL.path)
        func refused(_ reason: String) -> OutputFileError { OutputFileError(path: given, reason: reason) }
        var facts = stat()
        guard lstat(given, &facts) == 0 else {
            path = given
            try Self.checkWritable(given)
            return
        }
        // A rename replaces an empty folder, but not a link to one.
        guard let resolved = Self.resolved(given), stat(resolved, &facts) == 0,
            facts.st_mode & S_IFMT == S_IFDIR
        else { throw refused("exists already and is not a folder: choose another name") }
        let count = try Self.entryCount(resolved)
        if count > 0 {
            replaces = isOwn?(resolved) ?? false
            guard replaces else {
                throw refused(
                    "exists already and holds \(counted(count, "entry", "entries")): choose another folder")
            }
        }
        // Renaming over the current folder would leave the shell in a deleted one.
        if resolved == Self.resolved(".") { throw refused("is the current folder: name a new one") }
        path = resolved
        try Self.checkWritable(resolved)
    }

    /// Takes a path that was checked before.
    package init(checked path: String) { self.path = path }

    /// Lets `body` fill a temporary folder beside the place, then renames it. On failure nothing remains.
    package func build(_ body: (_ folder: String) throws -> Void) throws {
        let parent = Self.parent(path)
        let made = try Self.makeFolders(parent)
        var random = SystemRandomNumberGenerator()
        let temporary = "\(parent)/.tailor-new-\(String(random.next(), radix: 36))"
        do {
            guard mkdir(temporary, 0o777) == 0 else {
                throw FileError(operation: "create", path: temporary, code: errno)
            }
            try body(temporary)
            let old = replaces ? temporary + "-old" : nil
            if let old, rename(path, old) != 0 {
                throw FileError(operation: "replace", path: path, code: errno)
            }
            guard rename(temporary, path) == 0 else {
                let code = errno
                if let old { rename(old, path) }
                throw code == ENOTEMPTY || code == EEXIST
                    ? FileError(
                        operation: "create", path: path, reason: "another process has made it in the meantime"
                    )
                    : FileError(operation: "create", path: path, code: code)
            }
            if let old { try? FileManager.default.removeItem(atPath: old) }
        } catch {
            try? FileManager.default.removeItem(atPath: temporary)
            for folder in made.reversed() { rmdir(folder) }
            throw error
        }
    }

    /// Creates the missing folders of a path and returns them, the outermost first.
    @discardableResult
    package static func makeFolders(_ path: String) throws -> [String] {
        var missing: [String] = []
        var folder = path
        while !folder.isEmpty, !FileManager.default.fileExists(atPath: folder) {
            missing.append(folder)
            folder = parent(folder)
        }
        missing.reverse()
        for (position, folder) in missing.enumerated() where mkdir(folder, 0o777) != 0 {
            let error = FileError(operation: "create", path: folder, code: errno)
            for made in missing[..<position].reversed() { rmdir(made) }
            throw error
        }
        return missing
    }

    /// Checks that something can be made in the folder above, or the nearest there is. Throws `FileError`.
    package static func checkWritable(_ path: String) throws {
        var folder = parent(path)
        while !folder.isEmpty, !FileManager.default.fileExists(atPath: folder) { folder = parent(folder) }
        try TemporaryFiles.checkWritable(folder.isEmpty ? "/" : folder, for: path)
    }

    /// Path of the folder above; empty for the root and for a bare name.
    private static func parent(_ path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
    }

    private static func trimmed(_ path: String) -> String {
        var path = path
        while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
        return path
    }

    private static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// Number of entries, whatever their names are. Throws `FileError`.
    private static func entryCount(_ path: String) throws -> Int {
        guard let folder = opendir(path) else {
            throw FileError(operation: "read", path: path, code: errno)
        }
        defer { closedir(folder) }
        var count = 0
        // The folder itself and the one above are entries, too.
        while readdir(folder) != nil { count += 1 }
        return max(0, count - 2)
    }
}
