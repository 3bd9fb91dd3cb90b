import Foundation
import TailorDatasets

/// Files named on a command line.
public enum ImageFiles {
    static let extensions: Set<String> = [
        "jpg", "jpeg", "jpe", "png", "tif", "tiff", "webp", "bmp", "gif", "ppm", "pgm", "pbm", "pnm", "heic",
        "heif", "avif",
    ]

    /// Folders are searched for files with an image's extension, sorted by the bytes of their paths;
    /// files named outright are taken as they are, whatever their name.
    public static func expand(_ paths: [String]) throws -> [Sample] {
        try paths.flatMap { path -> [Sample] in
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory),
                isDirectory.boolValue
            else {
                return [sample(path)]
            }
            guard let walker = FileManager.default.enumerator(atPath: path) else { return [] }
            var found: [String] = []
            for case let name as String in walker
            where extensions.contains(URL(fileURLWithPath: name).pathExtension.lowercased())
                && !name.split(separator: "/").contains(where: { $0.hasPrefix(".") })
            {
                found.append(name)
            }
            guard !found.isEmpty else { throw RecipeError("\(path): no images in this folder") }
            let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
            return found.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
                .map { sample(folder + "/" + $0) }
        }
    }

    /// Shown as it was given.
    private static func sample(_ path: String) -> Sample {
        Sample(
            root: path.hasPrefix("/") ? "" : FileManager.default.currentDirectoryPath, relativePath: path,
            label: 0)
    }
}
