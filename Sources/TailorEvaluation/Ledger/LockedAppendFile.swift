import Foundation
import TailorSupport

/// A regular file open for reading and appending under an exclusive lock, which `close` releases.
struct LockedAppendFile {
    private let descriptor: Int32
    private let path: String

    /// Creates the file if need be and waits for its lock. Throws `FileError`.
    init(url: URL) throws {
        path = url.path
        // O_NONBLOCK: what stands there may be a FIFO.
        descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0o644)
        guard descriptor >= 0 else { throw FileError(operation: "open", path: path, code: errno) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            close()
            throw FileError(operation: "open", path: path, reason: "not a regular file")
        }
        while flock(descriptor, LOCK_EX) != 0 {
            let code = errno
            guard code == EINTR else {
                close()
                throw FileError(operation: "lock", path: path, code: code)
            }
        }
    }

    func close() {
        #if canImport(Darwin)
            _ = Darwin.close(descriptor)
        #else
            _ = Glibc.close(descriptor)
        #endif
    }

    /// Reads the whole file.
    func contents(maximumBytes: Int) throws -> Data {
        try RegularFile.contents(of: URL(fileURLWithPath: path), maximumBytes: maximumBytes)
    }

    /// Writes `data` at the end and flushes file and folder to the disk.
    ///
    /// When the disk is full part of it may remain: the next reader finds a line cut short.
    func append(_ data: Data) throws {
        try data.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let written = write(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw FileError(operation: "write", path: path, code: errno) }
                done += written
            }
        }
        try DiskFlush.file(descriptor, path: path)
        DiskFlush.folder((path as NSString).deletingLastPathComponent)
    }
}
