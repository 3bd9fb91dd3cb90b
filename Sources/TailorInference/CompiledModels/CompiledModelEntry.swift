import Foundation
import TailorSupport

/// One compiled model in the cache: a file with a signature, the SHA-256 of key and contents, and the contents.
struct CompiledModelEntry {
    /// Suffix of the files' names.
    static let suffix = ".compiled"
    /// Total size that the cache keeps, in bytes; least recently used entries go first.
    static let maximumTotalBytes = 1 << 30
    /// First bytes of a file, with the version of its layout.
    static let signature = Data("tailor compiled model 1\n".utf8)
    private static let digestBytes = 64

    let folder: PrivateFolder
    let key: String

    var name: String { key + Self.suffix }

    /// Contents; `nil` if there are none. Deletes what is damaged or not this user's own.
    func read() -> Data? {
        guard let file = folder.contents(name, maximumBytes: Self.maximumTotalBytes) else {
            remove()
            return nil
        }
        let start = Self.signature.count + Self.digestBytes
        guard file.starts(with: Self.signature), file.count > start,
            let digest = try? digest(of: file.dropFirst(start)),
            file[Self.signature.count..<start].elementsEqual(digest.utf8)
        else {
            remove()
            return nil
        }
        folder.markUsed(name)
        return file.dropFirst(start)
    }

    /// Writes the contents that `make` returns, which may use a file at the path that it gets. Failure, which
    /// costs no more than compiling at the next start, is ignored.
    func write(_ make: (String) throws -> Data) {
        guard let contents = try? folder.withTemporaryFile(make), let digest = try? digest(of: contents)
        else {
            return
        }
        folder.write(name) {
            try $0.write(contentsOf: Self.signature + Data(digest.utf8))
            try $0.write(contentsOf: contents)
        }
        folder.sweep(suffix: Self.suffix, maximumTotalBytes: Self.maximumTotalBytes, keeping: name)
    }

    func remove() { folder.remove(name) }

    private func digest(of contents: Data) throws -> String {
        var hasher = try ContentHasher()
        // With the key, so that a file under another's name is noticed.
        try hasher.update(key + "\n")
        try hasher.update(contents)
        return try hasher.finish()
    }
}
