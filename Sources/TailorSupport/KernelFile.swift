import Foundation

/// A file that the kernel makes as it is read, and whose size nobody knows before.
package enum KernelFile {
    /// First 64 KiB of the text; nil where there is no such file.
    package static func text(_ path: String) -> String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
