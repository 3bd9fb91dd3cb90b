import Foundation

extension URL {
    /// Whether this lies within a folder, or is that folder, links followed. What is not there yet leads where its
    /// nearest folder does.
    package func isWithin(_ folder: URL) -> Bool {
        var nearest = standardizedFileURL
        while !FileManager.default.fileExists(atPath: nearest.path), nearest.path != "/" {
            nearest.deleteLastPathComponent()
        }
        let (path, root) = (nearest.resolvingSymlinksInPath().path, folder.resolvingSymlinksInPath().path)
        return PathKey(path) == PathKey(root) || path.begins(with: root == "/" ? "/" : root + "/")
    }
}
