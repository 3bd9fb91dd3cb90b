import Foundation

/// Regular file open for reading; never a FIFO or a device, on which a read could block forever.
///
/// Closed on `deinit`. Not thread-safe.
package final class RegularFile {
    private let descriptor: Int32
    package let path: String
    /// Size in bytes when it was opened.
    package let size: Int

    /// Opens a file. Throws `FileError` when there is none, it cannot be read, or it is not a regular one.
    package convenience init(reading url: URL) throws {
        let path = url.path
        // Without O_NONBLOCK, opening a FIFO waits for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileError(operation: "read", path: path, code: errno) }
        try self.init(taking: descriptor, path: path)
    }

    /// Takes an open file, which it closes, also when it throws: `FileError` unless the file is a regular one.
    package init(taking descriptor: Int32, path: String) throws {
        self.descriptor = descriptor
        self.path = path
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else {
            let code = errno
            close(descriptor)
            throw FileError(operation: "read", path: path, code: code)
        }
        guard facts.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            let reason = "not a regular file (\(Self.kind(UInt32(facts.st_mode))))"
            throw FileError(operation: "read", path: path, reason: reason)
        }
        size = Int(facts.st_size)
    }

    deinit { close(descriptor) }

    /// Reads at most `count` bytes; nil at the end of the file.
    package func read(upTo count: Int) throws -> Data? {
        guard count > 0 else { return nil }
        let bytes = try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = try read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        return bytes.isEmpty ? nil : Data(bytes)
    }

    /// Reads the next bytes into `buffer`, at most as many as fit.
    ///
    /// - Returns: number of bytes; 0 at the end of the file (and for an empty buffer).
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            #if canImport(Darwin)
                let got = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
            #else
                let got = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            #endif
            if got >= 0 { return got }
            guard errno == EINTR else { throw FileError(operation: "read", path: path, code: errno) }
        }
    }

    /// Reads the rest of the file, at most `maximum` bytes, into memory that the result owns, without a copy.
    package func remainder(upTo maximum: Int) throws -> Data {
        // One byte more than the size, to detect the end without growing. Some files report a size of 0.
        var capacity = size < maximum ? max(size + 1, min(4096, maximum)) : max(maximum, 0)
        guard capacity > 0 else { return Data() }
        let outOfMemory = FileError(operation: "read", path: path, code: ENOMEM)
        guard var memory = malloc(capacity) else { throw outOfMemory }
        var count = 0
        do {
            while count < maximum {
                if count == capacity {
                    capacity = capacity > maximum / 2 ? maximum : 2 * capacity
                    guard let larger = realloc(memory, capacity) else { throw outOfMemory }
                    memory = larger
                }
                let got = try read(
                    into: UnsafeMutableRawBufferPointer(start: memory + count, count: capacity - count))
                guard got > 0 else { break }
                count += got
            }
        } catch {
            free(memory)
            throw error
        }
        return Data(bytesNoCopy: memory, count: count, deallocator: .free)
    }

    /// Contents of the whole file. Throws `FileError` before reading when it is larger than `maximumBytes`.
    package static func contents(of url: URL, maximumBytes: Int = .max) throws -> Data {
        let file = try RegularFile(reading: url)
        let tooLarge = FileError(
            operation: "read", path: file.path, reason: "larger than the limit of \(maximumBytes) bytes")
        guard file.size <= maximumBytes else { throw tooLarge }
        // It may have grown since it was opened.
        let data = try file.remainder(upTo: maximumBytes < .max ? maximumBytes + 1 : .max)
        guard data.count <= maximumBytes else { throw tooLarge }
        return data
    }

    private static func kind(_ mode: UInt32) -> String {
        switch mode & UInt32(S_IFMT) {
        case UInt32(S_IFDIR): "a folder"
        case UInt32(S_IFIFO): "a FIFO"
        case UInt32(S_IFSOCK): "a socket"
        case UInt32(S_IFCHR), UInt32(S_IFBLK): "a device"
        default: "of an unknown kind"
        }
    }
}
