import Foundation

/// Files that appear whole or not at all, even when the process is killed or the power fails.
///
/// A temporary file in the same folder is written, flushed to the disk and renamed over the old one;
/// then the folder itself is flushed. Until the rename the old file is untouched. Where `url` is a
/// symbolic link, the link is replaced.
public enum AtomicFile {
    /// Writes the data. Throws `FileError` with the destination's path.
    public static func write(_ data: Data, to url: URL) throws {
        try write(to: url) { try $0.write(contentsOf: data) }
    }

    /// Hands `body` a file to write to; if it throws, the destination stays as it was.
    ///
    /// `body` should use the handle's throwing methods (`write(contentsOf:)`) and not close it.
    public static func write(to url: URL, _ body: (FileHandle) throws -> Void) throws {
        let path = url.path
        let folder = url.deletingLastPathComponent().path
        var random = SystemRandomNumberGenerator()
        // A short name of its own: the destination's may already be as long as names may be.
        let temporary = "\(folder)/.tailor-\(String(random.next(), radix: 36)).tmp"

        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileError(operation: "write", path: path, code: errno) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        do {
            do {
                try body(handle)
            } catch let error as CocoaError {
                throw FileError(operation: "write", path: path, reason: FileError.reason(of: error))
            }
            try DiskFlush.file(descriptor, path: path)
        } catch {
            close(descriptor)
            unlink(temporary)
            throw error
        }
        guard close(descriptor) == 0, rename(temporary, path) == 0 else {
            let code = errno
            unlink(temporary)
            throw FileError(operation: "write", path: path, code: code)
        }
        DiskFlush.folder(folder)
    }
}
