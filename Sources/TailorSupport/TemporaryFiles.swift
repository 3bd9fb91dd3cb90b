import Foundation
import Synchronization

/// Files that are being written, beside those that they will replace. Each is locked by who writes it: one without
/// a lock belongs to a process that was killed.
package enum TemporaryFiles {
    private static let prefix = ".tailor-"
    private static let suffix = ".tmp"

    /// Whether a file of this name is, or was, being written.
    package static func isTemporary(_ name: String) -> Bool {
        name.hasPrefix(prefix) && name.hasSuffix(suffix)
    }

    /// Creates and locks one. Throws `FileError` for writing `path`.
    static func create(
        in folder: String, for path: String, _ permissions: mode_t
    ) throws -> (path: String, descriptor: Int32) {
        var random = SystemRandomNumberGenerator()
        while true {
            // Not derived from the destination's name, which may already have the maximum length.
            let temporary = "\(folder)/\(prefix)\(String(random.next(), radix: 36))\(suffix)"
            let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions)
            guard descriptor >= 0 else { throw FileError(operation: "write", path: path, code: errno) }
            // A file system without locks gets none, and nothing is swept there.
            _ = flock(descriptor, LOCK_EX | LOCK_NB)
            var facts = stat()
            // Swept between the two calls: another one.
            if fstat(descriptor, &facts) == 0, facts.st_nlink > 0 { return (temporary, descriptor) }
            close(descriptor)
        }
    }

    /// Checks that files can be made in a folder, by making one. Throws `FileError` for writing `path`.
    package static func checkWritable(_ folder: String, for path: String) throws {
        let (temporary, descriptor) = try create(in: folder, for: path, 0o600)
        unlink(temporary)
        close(descriptor)
    }

    /// Deletes the files that killed processes left in a folder; failing to is harmless.
    package static func sweep(_ folder: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        where isTemporary(name) {
            let path = folder + "/" + name
            let descriptor = open(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
            close(descriptor)
        }
    }

    private static let swept = Mutex<Set<String>>([])

    /// Sweeps a folder before this process first writes there.
    static func sweepOnce(_ folder: String) {
        if swept.withLock({ $0.insert(folder).inserted }) { sweep(folder) }
    }
}
