import Foundation

/// State of a folder before a run began, so that a run that comes to nothing leaves nothing behind.
struct FolderSnapshot {
    private let folder: URL
    /// Names within the folder; empty when there was none.
    private let names: Set<String>
    /// The folder and those above it that were not there, the deepest first.
    private let missing: [URL]

    /// Looks, and changes nothing.
    init(of folder: URL) {
        self.folder = folder.absoluteURL
        let manager = FileManager.default
        names = Set((try? manager.contentsOfDirectory(atPath: folder.path)) ?? [])
        var missing: [URL] = []
        var url = self.folder.standardizedFileURL
        while url.path != "/", !manager.fileExists(atPath: url.path) {
            missing.append(url)
            url.deleteLastPathComponent()
        }
        self.missing = missing
    }

    /// Removes what has come into the folder since, and the folders that were made for it. Goes as far as it
    /// can: it is called on the way out of a failure, which is what the user should hear of.
    func restore() {
        let manager = FileManager.default
        for name in (try? manager.contentsOfDirectory(atPath: folder.path)) ?? []
        where !names.contains(name) {
            try? manager.removeItem(at: folder.appending(path: name))
        }
        // rmdir takes empty folders only: what another process put there meanwhile stays.
        for url in missing where rmdir(url.path) != 0 { break }
    }
}
