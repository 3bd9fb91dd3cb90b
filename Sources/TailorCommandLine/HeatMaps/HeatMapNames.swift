import Foundation
import TailorSupport

/// Names of pictures made of other files: each where its file lies below the folder that all have in common.
package struct HeatMapNames {
    /// In the order of the files, relative, separated by `/`; the same for a file that is there twice.
    package let names: [String]

    private static let longestName = 255

    package init(of files: [String]) {
        let paths = files.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
        let folders = Set(paths.map { ($0 as NSString).deletingLastPathComponent })
        let common = Self.commonParts(folders.map { $0.components(separatedBy: "/") })
        let relative = paths.map { $0.components(separatedBy: "/").dropFirst(common).joined(separator: "/") }
        // Two files may differ in their extensions alone.
        var owners: [PathKey: Set<PathKey>] = [:]
        for path in relative { owners[PathKey(Self.stem(path) + ".jpg"), default: []].insert(PathKey(path)) }
        let preferred = relative.enumerated().map { index, path in
            let short = Self.stem(path) + ".jpg"
            let name = owners[PathKey(short)]?.count == 1 ? short : path + ".jpg"
            let last = (name as NSString).lastPathComponent
            return last.utf8.count <= Self.longestName
                ? name : name.dropLast(last.count) + "\(index + 1).jpg"
        }
        // What one is called to tell it apart may be what another is called anyway.
        var taken: [PathKey: PathKey] = [:]
        names = zip(relative, preferred).map { path, preferred in
            var (name, number) = (preferred, 1)
            while let owner = taken[PathKey(name)], owner != PathKey(path) {
                number += 1
                name = "\(Self.stem(preferred))-\(number).jpg"
            }
            taken[PathKey(name)] = PathKey(path)
            return name
        }
    }

    private static func stem(_ path: String) -> String { (path as NSString).deletingPathExtension }

    /// Number of components that all begin with.
    private static func commonParts(_ paths: [[String]]) -> Int {
        guard let first = paths.first else { return 0 }
        return first.indices.first { index in
            paths.contains { $0.count <= index || PathKey($0[index]) != PathKey(first[index]) }
        } ?? first.count
    }
}
