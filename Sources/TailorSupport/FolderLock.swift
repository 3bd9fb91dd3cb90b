import Foundation
import Synchronization

/// Keeps two processes out of one folder: an advisory lock on a small file within it.
///
/// The system drops the lock when its holder ends, however it ends; the file itself stays.
public final class FolderLock: Sendable {
    /// Of the lock's file; -1 once let go.
    private let descriptor: Mutex<Int32>
    public let path: String

    /// Takes the lock, or throws at once: `FolderLockError` naming the holder when there is one, and
    /// `FileError` when the lock's file cannot be made.
    public init(folder: URL, name: String = ".lock") throws {
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
        // Kept only now: what throws before leaves no object, and hence no `deinit` that would let go again.
        self.path = path
        self.descriptor = Mutex(descriptor)
        // Only for the other side's message, hence no harm if it cannot be written.
        let text = Array("\(getpid())\n".utf8)
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
    }

    deinit { unlock() }

    /// Lets go; again is no harm.
    public func unlock() {
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

/// Somebody else is at work in the folder.
public struct FolderLockError: CategorizedError, Equatable, Sendable {
    public let folder: String
    /// The holder's process id, where it is known.
    public let holder: Int32?

    public var category: ErrorCategory { .input }

    public var description: String {
        let who = holder.map { "process \($0)" } ?? "another process"
        return "\(folder.printable) is in use by \(who): wait for it to end, or choose another folder"
    }
}
