import TailorDatasets
import TailorImages
import TailorSupport

/// Operations on relative paths from files, which must not lead out of their folder.
enum RelativePath {
    /// Normalises a path by removing empty and `.` components; throws the reason why it is refused.
    ///
    /// - Parameter mayLeave: whether it may lead out of its folder, as a manifest's paths to images do.
    static func checked(_ text: String, mayLeave: Bool = false) throws(PathRefusal) -> String {
        guard !text.isEmpty else { throw PathRefusal("the path is empty") }
        guard !text.begins(with: "/"), !text.begins(with: "~") else {
            throw PathRefusal(
                "\"\(text.printable)\" is an absolute path: expected one from the folder of images")
        }
        guard !text.utf8.contains(0) else { throw PathRefusal("\"\(text.printable)\" holds a zero byte") }
        let components = text.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
            .filter { $0 != "." }
        guard mayLeave || !components.contains("..") else {
            throw PathRefusal("\"\(text.printable)\" leads out of the folder of images")
        }
        guard !components.isEmpty else { throw PathRefusal("\"\(text.printable)\" names no file") }
        return components.joined(separator: "/")
    }

    /// Path without the `..` that it begins with.
    static func within(_ path: String) -> String {
        var rest = path
        while rest.begins(with: "../") { rest = String(Substring(rest.utf8.dropFirst(3))) }
        return rest
    }

    /// Last component of a path.
    static func name(_ path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
    }

    /// Folder of a path: all but the last component, empty if there is only one.
    static func folder(_ path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
    }

    /// Path without the extension of its last component.
    static func stem(_ path: String) -> String {
        let start = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) }
        guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")), dot > start ?? path.startIndex else {
            return path
        }
        return String(path[..<dot])
    }

    /// Relative path from a folder to a file, both absolute and without links; the absolute path if they
    /// share no folder.
    static func path(from folder: String, to file: String) -> String {
        let slash = UInt8(ascii: "/")
        guard let from = folder.utf8.split(separator: slash).first,
            let to = file.utf8.split(separator: slash).first, from.elementsEqual(to)
        else { return file }
        return pathBetween(folder, file)
    }
}

/// Reason for refusing a path or a name.
struct PathRefusal: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}

/// Validation of a class name from a file, which becomes a folder's name.
enum ClassName {
    /// Trims a name, unless it is one of Tailor's own writing; throws the reason why it is refused.
    static func checked(_ text: String, isOwn: Bool = false) throws(PathRefusal) -> String {
        let scalars = text.unicodeScalars
        var name = scalars[...]
        while !isOwn, name.first?.properties.isWhitespace == true { name.removeFirst() }
        while !isOwn, name.last?.properties.isWhitespace == true { name.removeLast() }
        let trimmed = String(String.UnicodeScalarView(name))
        guard !trimmed.isEmpty else { throw PathRefusal("the class name is empty") }
        func refused(_ reason: String) -> PathRefusal {
            PathRefusal("the class \"\(trimmed.printable)\" cannot be a folder's name: \(reason)")
        }
        guard !trimmed.utf8.contains(UInt8(ascii: "/")), !trimmed.utf8.contains(0) else {
            throw refused("it holds a slash or a zero byte")
        }
        guard !JunkFiles.contains(trimmed) else { throw refused("such folders are passed over") }
        guard trimmed.utf8.count <= 255 else { throw refused("it is longer than 255 bytes") }
        return trimmed
    }
}
