import Foundation

/// Atomic file writes: the file appears whole or not at all, even when the process is killed or the power
/// fails.
///
/// A temporary file in the same folder is written, flushed to the disk and renamed over the old one;
/// then the folder itself is flushed. Until the rename the old file is untouched. Where `url` is a
/// symbolic link, the link is replaced.
package enum AtomicFile {
    /// Writes data. Throws `FileError` with the destination's path.
    package static func write(_ data: Data, to url: URL) throws {
        try write(to: url) { try $0.write(contentsOf: data) }
    }

    /// Writes what `body` writes to a handle; if it throws, the destination stays as it was.
    ///
    /// `body` should use the handle's throwing methods (`write(contentsOf:)`) and not close it.
    ///
    /// - Parameter permissions: of the new file, less what the process's `umask` takes away.
    package static func write(
        to url: URL, permissions: mode_t = 0o666, _ body: (FileHandle) throws -> Void
    ) throws {
        try Prepared(url, permissions: permissions, body).commit()
    }

    /// Writes files that belong together: all are on the disk before the first takes its name, and until then what
    /// was there stays. The old one of the last is gone while the others change, so that whoever needs it never sees
    /// a mixture.
    package static func writeTogether(_ files: [(data: Data, url: URL)]) throws {
        var prepared: [Prepared] = []
        do {
            for file in files {
                prepared.append(try Prepared(file.url) { try $0.write(contentsOf: file.data) })
            }
        } catch {
            for file in prepared { file.discard() }
            throw error
        }
        if files.count > 1, let last = files.last { unlink(last.url.path) }
        while !prepared.isEmpty {
            do {
                try prepared.removeFirst().commit()
            } catch {
                for file in prepared { file.discard() }
                throw error
            }
        }
    }

    /// A file that is on the disk whole, under a name that does not count.
    private struct Prepared {
        let path: String
        let folder: String
        let temporary: String
        let descriptor: Int32

        init(_ url: URL, permissions: mode_t = 0o666, _ body: (FileHandle) throws -> Void) throws {
            path = url.path
            folder = url.deletingLastPathComponent().path
            TemporaryFiles.sweepOnce(folder)
            (temporary, descriptor) = try TemporaryFiles.create(in: folder, for: path, permissions)
            let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
            do {
                do {
                    try body(handle)
                } catch let error as CocoaError {
                    throw FileError(operation: "write", path: path, reason: FileError.reason(of: error))
                }
                try DiskFlush.file(descriptor, path: path)
            } catch {
                discard()
                throw error
            }
        }

        /// Gives it its name.
        func commit() throws {
            // Closed after: until then the lock says that the file is somebody's. What closing could report, flushing
            // has.
            defer { close(descriptor) }
            guard rename(temporary, path) == 0 else {
                let code = errno
                unlink(temporary)
                throw FileError(operation: "write", path: path, code: code)
            }
            DiskFlush.folder(folder)
        }

        func discard() {
            close(descriptor)
            unlink(temporary)
        }
    }
}

/// Flushing of writes to the disk, so that they survive a power failure.
package enum DiskFlush {
    /// Flushes an open file's contents. Throws `FileError` for writing `path`.
    package static func file(_ descriptor: Int32, path: String) throws {
        #if canImport(Darwin)
            // On Apple's systems fsync leaves the data in the drive's cache.
            if fcntl(descriptor, F_FULLFSYNC) == 0 { return }
        #endif
        // Some file systems have nothing to flush and say so with EINVAL.
        guard fsync(descriptor) == 0 || errno == EINVAL else {
            throw FileError(operation: "write", path: path, code: errno)
        }
    }

    /// Flushes a folder's entries. Failure is ignored: the files themselves are already in place.
    package static func folder(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
