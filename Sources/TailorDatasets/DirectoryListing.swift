import Foundation
import TailorSupport

/// Entries of a folder, in byte order of their names.
package struct DirectoryListing {
    package enum Kind {
        case file, folder, link, unknown
        case other(String)
    }

    package struct Entry {
        package let name: String
        package let kind: Kind
    }

    /// Identity of a folder (device and inode), the same for every path to it.
    package struct Identity: Hashable {
        let device: UInt64
        let node: UInt64
    }

    package let entries: [Entry]
    /// Entries whose names are not UTF-8, with the invalid bytes replaced.
    package let undecodable: [Entry]
    package let identity: Identity

    /// Lists a folder without a `stat` of the entries. Throws `DatasetError.unreadableFolder`.
    package init(path: String) throws {
        guard let directory = opendir(path) else {
            throw DatasetError.unreadableFolder(path: path, reason: FileError.reason(errno))
        }
        defer { closedir(directory) }
        var facts = stat()
        guard fstat(dirfd(directory), &facts) == 0 else {
            throw DatasetError.unreadableFolder(path: path, reason: FileError.reason(errno))
        }
        identity = Identity(device: UInt64(facts.st_dev), node: UInt64(facts.st_ino))

        var entries: [Entry] = []
        var undecodable: [Entry] = []
        errno = 0
        while let entry = readdir(directory) {
            let kind = Self.kind(type: Int32(entry.pointee.d_type))
            withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                let capacity = MemoryLayout.size(ofValue: tuple.pointee)
                tuple.withMemoryRebound(to: CChar.self, capacity: capacity) { name in
                    if let valid = String(validatingCString: name) {
                        if valid != ".", valid != ".." { entries.append(Entry(name: valid, kind: kind)) }
                    } else {
                        undecodable.append(Entry(name: String(cString: name), kind: kind))
                    }
                }
            }
            errno = 0
        }
        guard errno == 0 else {
            throw DatasetError.unreadableFolder(path: path, reason: FileError.reason(errno))
        }
        self.entries = entries.sorted { PathKey($0.name) < PathKey($1.name) }
        self.undecodable = undecodable
    }

    /// Kind of a path's target, links followed. Throws `FileError` when it does not exist.
    package static func followedKind(of path: String) throws -> Kind {
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            let code = errno
            switch code {
            case ENOENT: throw FileError(operation: "read", path: path, reason: "a link to nothing")
            case ELOOP: throw FileError(operation: "read", path: path, reason: "a link that leads to itself")
            default: throw FileError(operation: "read", path: path, code: code)
            }
        }
        switch facts.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        case S_IFIFO: return .other("a FIFO, not a file")
        case S_IFSOCK: return .other("a socket, not a file")
        default: return .other("a device, not a file")
        }
    }

    /// Path with links resolved; nil when it does not exist.
    package static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    private static func kind(type: Int32) -> Kind {
        switch type {
        case Int32(DT_REG): .file
        case Int32(DT_DIR): .folder
        case Int32(DT_LNK): .link
        case Int32(DT_UNKNOWN): .unknown
        case Int32(DT_FIFO): .other("a FIFO, not a file")
        case Int32(DT_SOCK): .other("a socket, not a file")
        default: .other("a device, not a file")
        }
    }
}
