import Foundation

/// State of a run folder before a run, so that a run that comes to nothing leaves nothing behind.
package struct FolderSnapshot {
    private let folder: RunFolder
    /// The folder and those above it that are not there, the deepest first.
    private let missing: [URL]
    /// Names within the folder.
    private let names: Set<String>

    /// Looks, and changes nothing. To be made before the folder is.
    package init(of folder: RunFolder) {
        self.folder = folder
        let manager = FileManager.default
        var missing: [URL] = []
        var url = folder.url.absoluteURL.standardizedFileURL
        while url.path != "/", !manager.fileExists(atPath: url.path) {
            missing.append(url)
            url.deleteLastPathComponent()
        }
        self.missing = missing
        names = Set((try? manager.contentsOfDirectory(atPath: folder.url.path)) ?? [])
    }

    /// Removes what a run has written since, and the folders that were made for it; what others have put there
    /// stays. Goes as far as it can: it is called on the way out of a failure, which is what the user should hear of.
    package func restore() {
        let manager = FileManager.default
        for name in (try? manager.contentsOfDirectory(atPath: folder.url.path)) ?? []
        where folder.isOwn(name) && !names.contains(name) {
            try? manager.removeItem(at: folder.url.appending(path: name))
        }
        // rmdir takes empty folders only.
        for url in missing where rmdir(url.path) != 0 { break }
    }
}
