import Foundation
import Synchronization

/// Advisory lock on a small file in a folder, held by one process at a time.
///
/// The system releases the lock when its holder ends, however it ends; the file itself stays.
package final class FolderLock: Sendable {
    /// Name of the lock's file where no other is given.
    package static let fileName = ".lock"

    /// File descriptor of the lock file; -1 once released.
    private let descriptor: Mutex<Int32>
    package let path: String

    /// Acquires the lock without waiting. Throws `FolderLockError` naming the holder when there is one, and
    /// `FileError` when the lock file cannot be created.
    package init(folder: URL, name: String = FolderLock.fileName) throws {
        let path = folder.appendingPathComponent(name).path
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileError(operation: "lock", path: path, code: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let holder = Self.holder(descriptor)
            close(descriptor)
            if code == EWOULDBLOCK { throw FolderLockError(folder: folder.path, holder: holder) }
            throw FileError(operation: "lock", path: path, code: code)
        }
        // Assigned last: an `init` that throws earlier must leave no `deinit` to release the lock again.
        self.path = path
        self.descriptor = Mutex(descriptor)
        // The process id only serves the other process's error message, so failing to write it is harmless.
        let text = Array("\(getpid())\n".utf8)
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
    }

    /// Acquires the lock of a folder itself, in which no file of ours is to lie. Throws as the other does; the error
    /// does not know the holder.
    package init(holding folder: URL) throws {
        let path = folder.path
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(operation: "lock", path: path, code: errno) }
        // A file system without locks gets none.
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            close(descriptor)
            throw FolderLockError(folder: path, holder: nil)
        }
        self.path = path
        self.descriptor = Mutex(descriptor)
    }

    deinit { unlock() }

    /// Releases the lock; further calls do nothing.
    package func unlock() {
        descriptor.withLock { descriptor in
            guard descriptor >= 0 else { return }
            _ = ftruncate(descriptor, 0)
            close(descriptor)
            descriptor = -1
        }
    }

    private static func holder(_ descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        let text = String(decoding: bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        return Int32(text)
    }
}

/// Folder that another process has locked.
public struct FolderLockError: CategorizedError, Equatable, Sendable {
    public let folder: String
    /// Process id of the holder, if known.
    public let holder: Int32?

    public var category: ErrorCategory { .input }

    public var description: String {
        let who = holder.map { "process \($0)" } ?? "another process"
        return "\(folder.printable) is in use by \(who): wait for it to end, or choose another folder"
    }
}
