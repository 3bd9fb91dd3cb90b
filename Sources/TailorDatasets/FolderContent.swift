import TailorImages
import TailorSupport

/// What lies in a folder, by the names in it: no file is opened.
struct FolderContent {
    /// Number of images in the folder itself.
    let images: Int
    /// Names of the folders in it, in byte order, without those that are passed over.
    let folders: [String]

    /// Lists a folder; one that cannot be listed counts as empty.
    init(path: String) {
        var (images, folders) = (0, [String]())
        for entry in (try? DirectoryListing(path: path))?.entries ?? []
        where !JunkFiles.contains(entry.name) {
            switch entry.kind {
            case .folder: folders.append(entry.name)
            // Resolving a link to an image would tell nothing more.
            case .file, .other, .link, .unknown:
                if IgnoredEntries.isImage(entry.name) {
                    images += 1
                } else if Self.isFolder(entry, in: path) {
                    folders.append(entry.name)
                }
            }
        }
        self.images = images
        self.folders = folders
    }

    var isEmpty: Bool { images == 0 && folders.isEmpty }

    /// Whether it holds folders, as a split does, rather than images, as a class does. A few images beside
    /// several folders do not count.
    var holdsFolders: Bool {
        !folders.isEmpty && (images == 0 || (folders.count > 1 && images <= folders.count))
    }

    /// Whether an image lies in a folder or below it, at most some levels down.
    static func hasImages(_ path: String, levels: Int = 4) -> Bool {
        let content = FolderContent(path: path)
        if content.images > 0 { return true }
        return levels > 0 && content.folders.contains { hasImages(path + "/" + $0, levels: levels - 1) }
    }

    private static func isFolder(_ entry: DirectoryListing.Entry, in path: String) -> Bool {
        guard entry.kind.mayBeFolder,
            let kind = try? DirectoryListing.followedKind(of: path + "/" + entry.name)
        else { return false }
        return if case .folder = kind { true } else { false }
    }
}

extension DirectoryListing.Kind {
    /// Whether it may be a folder. Links and unknown kinds count.
    var mayBeFolder: Bool {
        switch self {
        case .folder, .link, .unknown: true
        case .file, .other: false
        }
    }
}
