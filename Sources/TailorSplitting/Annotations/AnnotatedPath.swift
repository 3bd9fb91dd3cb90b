import Foundation
import TailorDatasets
import TailorSupport

/// Path as an annotation tool wrote it, on whatever system.
struct AnnotatedPath {
    /// Components without `.`, `..`, a drive and the root.
    let components: [String]

    init(_ text: String) {
        let slashes = text.trimmed.replacing("\\", with: "/")
        var components: [String] = []
        for next in slashes.utf8.split(separator: UInt8(ascii: "/")).map({ String(Substring($0)) }) {
            switch next {
            case ".": break
            case "..": _ = components.popLast()
            default: components.append(next)
            }
        }
        if let drive = components.first, drive.utf8.count == 2, drive.hasSuffix(":") {
            components.removeFirst()
        }
        self.components = components
    }

    /// Components of a path of this system, which may be relative to the current folder.
    static func absolute(_ path: String) -> [String] {
        path.begins(with: "/")
            ? AnnotatedPath(path).components
            : AnnotatedPath(FileManager.default.currentDirectoryPath + "/" + path).components
    }

    /// Components of a path of this system with links resolved.
    static func resolved(_ path: String) -> [String] { absolute(DirectoryListing.resolved(path) ?? path) }
}
