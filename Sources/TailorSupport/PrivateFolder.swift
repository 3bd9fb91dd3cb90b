import Foundation

/// Folder of files that this user alone can write; no link is followed out of it.
///
/// The folder stays open, so that what is read lies in the folder that was checked.
package final class PrivateFolder: Sendable {
    private let url: URL
    private let descriptor: Int32

    /// Opens a folder; creates it, open to this user alone, if need be.
    ///
    /// Throws `FileError` if it cannot be written, is a link, belongs to another user or may be written by
    /// others.
    package init(_ url: URL) throws(FileError) {
        self.url = url
        let path = url.path
        try? FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            var facts = stat()
            let isLink = lstat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFLNK
            throw isLink
                ? FileError(operation: "use", path: path, reason: "it is a link")
                : FileError(operation: "use", path: path, code: code)
        }
        if let problem = Self.problem(of: descriptor) {
            close(descriptor)
            throw FileError(operation: "use", path: path, reason: problem)
        }
    }

    deinit { close(descriptor) }

    /// Contents of a regular file that this user alone can write; `nil` if there is none such, or it is larger.
    package func contents(_ name: String, maximumBytes: Int) -> Data? {
        let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return nil }
        let regular = try? RegularFile(taking: file, path: url.appending(path: name).path)
        guard let regular, Self.problem(of: file) == nil, regular.size <= maximumBytes else { return nil }
        return try? regular.remainder(upTo: maximumBytes)
    }

    /// Lets `body` write to an empty file that is there for it alone, and is gone afterwards. Throws `FileError` where
    /// there can be none.
    package func withTemporaryFile<R>(_ body: (_ path: String) throws -> R) throws -> R {
        // Locked, so that another process's sweep leaves it.
        let (path, descriptor) = try TemporaryFiles.create(in: url.path, for: url.path, 0o600)
        defer {
            unlink(path)
            close(descriptor)
        }
        return try body(path)
    }

    /// Writes a file at once, for this user alone. Failure is ignored.
    package func write(_ name: String, _ body: (FileHandle) throws -> Void) {
        try? AtomicFile.write(to: url.appending(path: name), permissions: 0o600, body)
    }

    /// Deletes a file, or a link to one.
    package func remove(_ name: String) { unlinkat(descriptor, name, 0) }

    /// Sets a file's time to now, by which ``sweep(suffix:maximumTotalBytes:keeping:)`` goes.
    package func markUsed(_ name: String) { utimensat(descriptor, name, nil, AT_SYMLINK_NOFOLLOW) }

    /// Deletes the files with this suffix that were used longest ago until the rest fits, and what processes
    /// that were killed a day ago or earlier left half written.
    package func sweep(suffix: String, maximumTotalBytes: Int, keeping kept: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        var files: [(name: String, bytes: Int, used: Int)] = []
        for name in names {
            var facts = stat()
            guard fstatat(descriptor, name, &facts, AT_SYMLINK_NOFOLLOW) == 0,
                facts.st_mode & S_IFMT == S_IFREG
            else { continue }
            #if canImport(Darwin)
                let used = facts.st_mtimespec.tv_sec
            #else
                let used = facts.st_mtim.tv_sec
            #endif
            if TemporaryFiles.isTemporary(name), used < time(nil) - 86_400 { remove(name) }
            if name.hasSuffix(suffix) { files.append((name, Int(facts.st_size), used)) }
        }
        var total = files.reduce(0) { $0 + $1.bytes }
        for file in files.sorted(by: { ($0.used, $0.name) < ($1.used, $1.name) })
        where total > maximumTotalBytes && file.name != kept {
            remove(file.name)
            total -= file.bytes
        }
    }

    /// Why an open file or folder is not this user's alone, in words; `nil` if it is.
    private static func problem(of descriptor: Int32) -> String? {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { return FileError.reason(errno) }
        if facts.st_uid != geteuid() { return "it belongs to another user" }
        if facts.st_mode & (S_IWGRP | S_IWOTH) != 0 { return "others may write to it" }
        return nil
    }
}
