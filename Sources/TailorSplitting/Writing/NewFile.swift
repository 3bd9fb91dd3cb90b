import Foundation
import TailorDatasets
import TailorSupport

/// Creation of files, copies and links that never replaces an existing one.
enum NewFile {
    /// Creates a file with contents. Throws `FileError`, also when the name exists.
    static func make(_ data: Data, at path: String) throws {
        try create(path) { try append(data, to: $0, path: path) }
    }

    /// Copies the contents of a regular file, links followed, without its attributes. Throws `FileError`.
    static func copy(_ original: String, at path: String) throws {
        let file = try RegularFile(reading: URL(fileURLWithPath: original))
        try create(path) { descriptor in
            while let piece = try file.read(upTo: 1 << 20) { try append(piece, to: descriptor, path: path) }
        }
    }

    /// Creates a symbolic link and verifies that it leads to a file. Throws `FileError` and
    /// `SplitError.unresolved`.
    static func link(_ target: String, at path: String) throws {
        guard symlink(target, path) == 0 else {
            throw FileError(operation: "create", path: path, code: errno)
        }
        guard case .file? = try? DirectoryListing.followedKind(of: path) else {
            throw SplitError.unresolved(path: path, target: target)
        }
    }

    private static func create(_ path: String, _ body: (Int32) throws -> Void) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileError(operation: "write", path: path, code: errno) }
        do {
            try body(descriptor)
        } catch {
            close(descriptor)
            unlink(path)
            throw error
        }
        guard close(descriptor) == 0 else {
            let code = errno
            unlink(path)
            throw FileError(operation: "write", path: path, code: code)
        }
    }

    private static func append(_ data: Data, to descriptor: Int32, path: String) throws {
        try data.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = write(
                    descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0 {
                    if errno == EINTR { continue }
                    throw FileError(operation: "write", path: path, code: errno)
                }
                rest = rest.dropFirst(written)
            }
        }
    }
}
