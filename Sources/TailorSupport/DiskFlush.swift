import Foundation

/// Until the disk has it, what was written is lost when the power fails.
package enum DiskFlush {
    /// What was written to an open file. Throws `FileError` for writing `path`.
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

    /// The names in a folder. The files are already in place: a folder that cannot be flushed is no reason to
    /// call them missing.
    package static func folder(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
