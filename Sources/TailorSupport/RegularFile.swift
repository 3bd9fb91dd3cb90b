import Foundation

/// A regular file open for reading: never a FIFO or a device, on which a read could wait for ever.
///
/// Closed when released. Not for use from two threads at once.
public final class RegularFile {
    private let descriptor: Int32
    public let path: String
    /// Size in bytes when it was opened.
    public let size: Int

    /// Throws `FileError` when there is no such file, it cannot be read, or it is not a regular one.
    public init(reading url: URL) throws {
        path = url.path
        // Without O_NONBLOCK, opening a FIFO waits for a writer.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileError(operation: "read", path: path, code: errno) }
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

    /// The next bytes, at most `count` of them; nil at the end of the file.
    public func read(upTo count: Int) throws -> Data? {
        guard count > 0 else { return nil }
        let bytes = try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = try read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        return bytes.isEmpty ? nil : Data(bytes)
    }

    /// Writes the next bytes to `buffer`, as many as it takes at most.
    ///
    /// - Returns: how many; 0 at the end of the file (and for a buffer that takes none).
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
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

    /// The bytes up to the file's end, at most `maximum` of them; read into the memory that the result keeps, so
    /// that none is copied.
    package func remainder(upTo maximum: Int) throws -> Data {
        // One byte more than there should be: the end shows without a larger buffer. Some files tell no size.
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

    /// The whole file. Throws `FileError` when it is larger than `maximumBytes`, before reading it.
    public static func contents(of url: URL, maximumBytes: Int = .max) throws -> Data {
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
