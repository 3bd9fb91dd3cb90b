import Foundation

/// Lists of image files, as named on a command line.
public enum ImageFiles {
    /// Replaces folders in a list of paths by the image files within them, sorted by the bytes of their
    /// paths. Files are kept whatever their extension.
    ///
    /// Throws `ImageError` for a folder without images.
    public static func expand(_ paths: [String]) throws -> [String] {
        try paths.flatMap { path -> [String] in
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory),
                isDirectory.boolValue
            else { return [path] }
            // A folder that is itself a link would not be walked.
            let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            guard let walker = FileManager.default.enumerator(atPath: real) else { return [] }
            var found: [String] = []
            for case let name as String in walker
            where ImageFormat(named: name) != nil
                && !name.split(separator: "/").contains(where: { JunkFiles.contains(String($0)) })
            {
                // A folder may be called x.jpg; what lies in it comes by itself.
                let type = walker.fileAttributes?[.type] as? FileAttributeType
                if type != .typeDirectory { found.append(name) }
            }
            guard !found.isEmpty else {
                let others = ForeignFormat.described(in: [path]).map { ", but \($0)" } ?? ""
                throw ImageError.unreadable(path: path, reason: "no images in this folder\(others)")
            }
            let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
            return found.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
                .map { folder + "/" + $0 }
        }
    }
}

/// Names that operating systems, archivers and notebooks leave in folders of images.
package enum JunkFiles {
    package static let knownNames: Set<String> = [
        "__MACOSX", "@eaDir", "Thumbs.db", "desktop.ini", "Desktop.ini", ".DS_Store", ".ipynb_checkpoints",
    ]

    /// Whether a file or folder of this name is passed over, hidden ones included.
    package static func contains(_ name: String) -> Bool { name.hasPrefix(".") || knownNames.contains(name) }
}
