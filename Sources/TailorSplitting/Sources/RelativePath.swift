import TailorDatasets
import TailorSupport

/// A path that a file names, held within the folder that it is meant for.
enum RelativePath {
    /// The path without empty and `.` components. Throws the reason why it is refused.
    static func checked(_ text: String) throws(PathRefusal) -> String {
        guard !text.isEmpty else { throw PathRefusal("the path is empty") }
        guard !text.hasPrefix("/"), !text.hasPrefix("~") else {
            throw PathRefusal(
                "\"\(text.printable)\" is an absolute path: expected one from the folder of images")
        }
        guard !text.utf8.contains(0) else { throw PathRefusal("\"\(text.printable)\" holds a zero byte") }
        let components = text.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
            .filter { $0 != "." }
        guard !components.contains("..") else {
            throw PathRefusal("\"\(text.printable)\" leads out of the folder of images")
        }
        guard !components.isEmpty else { throw PathRefusal("\"\(text.printable)\" names no file") }
        return components.joined(separator: "/")
    }

    /// The last component.
    static func name(_ path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
    }

    /// All but the last component; empty when there is but one.
    static func folder(_ path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
    }

    /// Without the extension of its last component.
    static func stem(_ path: String) -> String {
        let start = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) }
        guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")), dot > start ?? path.startIndex else {
            return path
        }
        return String(path[..<dot])
    }

    /// From a folder to a file, both absolute and free of links; absolute where they share nothing.
    static func path(from folder: String, to file: String) -> String {
        let slash = UInt8(ascii: "/")
        let from = folder.utf8.split(separator: slash).map { String(Substring($0)) }
        let to = file.utf8.split(separator: slash).map { String(Substring($0)) }
        let shared = zip(from, to).prefix { PathKey($0) == PathKey($1) }.count
        guard shared > 0 else { return file }
        return ([String](repeating: "..", count: from.count - shared) + to.dropFirst(shared))
            .joined(separator: "/")
    }
}

/// Why a path or a name is refused.
struct PathRefusal: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}

/// A class name from a file: it becomes the name of a folder.
enum ClassName {
    /// The name without spaces around it. Throws the reason why it is refused.
    static func checked(_ text: String) throws(PathRefusal) -> String {
        let scalars = text.unicodeScalars
        var name = scalars[...]
        while name.first?.properties.isWhitespace == true { name.removeFirst() }
        while name.last?.properties.isWhitespace == true { name.removeLast() }
        let trimmed = String(String.UnicodeScalarView(name))
        guard !trimmed.isEmpty else { throw PathRefusal("the class name is empty") }
        func refused(_ reason: String) -> PathRefusal {
            PathRefusal("the class \"\(trimmed.printable)\" cannot be a folder's name: \(reason)")
        }
        guard !trimmed.utf8.contains(UInt8(ascii: "/")), !trimmed.utf8.contains(0) else {
            throw refused("it holds a slash or a zero byte")
        }
        guard !IgnoredEntries.isJunk(trimmed) else { throw refused("such folders are passed over") }
        guard trimmed.utf8.count <= 255 else { throw refused("it is longer than 255 bytes") }
        return trimmed
    }
}
