import TailorImages
import TailorSupport

/// Scanner of class folders: finds images, skips junk files, records unusable entries.
package struct ClassFolderScanner {
    /// Maximum depth; deeper folders are recorded as problems instead of being entered.
    static let maximumDepth = 64

    let root: String
    /// Test folder with links resolved, which is never entered. Nil when there is none or when it is the one
    /// being scanned.
    let forbidden: String?
    /// Folders of the other splits, into which no link to a folder may lead.
    var apart: [SplitPlaces.Place] = []
    package var ignored = IgnoredEntries()
    /// Entries with an image's name that cannot be one.
    package var problems: [FileProblem] = []
    package var notes: [String] = []
    /// Filter of file names; images by default.
    private let isWanted: @Sendable (String) -> Bool

    package init(
        root: String, forbidden: String?,
        isWanted: @escaping @Sendable (String) -> Bool = IgnoredEntries.isImage
    ) {
        self.root = root
        self.forbidden = forbidden
        self.isWanted = isWanted
    }

    package struct ClassFolder {
        package let name: String
        /// Paths of the images from the root, in byte order.
        package var images: [String]
    }

    /// Scans the class folders within `split` (a path from the root; empty for the root itself), except
    /// `skipping`.
    package mutating func classFolders(in split: String, skipping: Set<String> = []) throws -> [ClassFolder] {
        let listing = try DirectoryListing(path: absolute(split))
        if let entry = listing.undecodable.first(where: { if case .folder = $0.kind { true } else { false } })
        {
            throw DatasetError.nameNotUTF8(folder: absolute(split), name: entry.name)
        }
        var folders: [ClassFolder] = []
        var names: Set<String> = []
        for entry in listing.entries where !skipping.contains(entry.name) {
            let path = join(split, entry.name)
            if JunkFiles.contains(entry.name) {
                ignored.countJunk(entry.name)
            } else if case .folder = try kind(of: entry, at: path) {
                guard names.insert(entry.name).inserted else {
                    throw DatasetError.sameLookingClasses(folder: absolute(split), name: entry.name)
                }
                var visited: Set<DirectoryListing.Identity> = [listing.identity]
                var images: [String] = []
                try collect(path, depth: 1, visited: &visited, into: &images)
                images.sort { PathKey($0) < PathKey($1) }
                folders.append(ClassFolder(name: entry.name, images: images))
            } else if IgnoredEntries.isImage(entry.name) {
                ignored.countLooseImage(path)
            } else {
                ignored.countOther(entry.name)
            }
        }
        return folders
    }

    /// Scans all wanted files below the root: paths from the root, in byte order.
    package mutating func files() throws -> [String] {
        var visited: Set<DirectoryListing.Identity> = []
        var files: [String] = []
        try collect("", depth: 1, visited: &visited, into: &files)
        return files.sorted { PathKey($0) < PathKey($1) }
    }

    private mutating func collect(
        _ folder: String, depth: Int, visited: inout Set<DirectoryListing.Identity>,
        into images: inout [String]
    ) throws {
        let listing = try DirectoryListing(path: absolute(folder))
        // Each folder once per class: links may form a cycle or lead to the same folder twice.
        guard visited.insert(listing.identity).inserted else {
            notes.append("\(folder.printable) leads to a folder that is already included: not entered again")
            return
        }
        for entry in listing.undecodable {
            problems.append(
                FileProblem(path: join(folder, entry.name), reason: "the name is not UTF-8: rename it"))
        }
        for entry in listing.entries {
            let path = join(folder, entry.name)
            if JunkFiles.contains(entry.name) {
                ignored.countJunk(entry.name)
                continue
            }
            switch try kind(of: entry, at: path) {
            case .folder where depth >= Self.maximumDepth:
                problems.append(
                    FileProblem(path: path, reason: "nested deeper than \(Self.maximumDepth) folders"))
            case .folder:
                try collect(path, depth: depth + 1, visited: &visited, into: &images)
            case .file where isWanted(entry.name):
                images.append(path)
            case .other(let reason) where isWanted(entry.name):
                problems.append(FileProblem(path: path, reason: reason))
            default:
                ignored.countOther(entry.name)
            }
        }
    }

    /// Kind of an entry; links are followed, but never into the test folder.
    private func kind(of entry: DirectoryListing.Entry, at path: String) throws -> DirectoryListing.Kind {
        switch entry.kind {
        case .file, .folder, .other: return entry.kind
        case .link, .unknown: break
        }
        let full = absolute(path)
        if let forbidden, let target = DirectoryListing.resolved(full),
            SplitPlaces.lies(target, within: forbidden)
        {
            throw DatasetError.leadsIntoTest(path: full)
        }
        let kind: DirectoryListing.Kind
        do {
            kind = try DirectoryListing.followedKind(of: full)
        } catch let error as FileError {
            return .other(error.reason)
        }
        if case .folder = kind, !apart.isEmpty, let target = DirectoryListing.resolved(full),
            let other = apart.first(where: { $0.contains(target) })
        {
            throw DatasetError.leadsIntoSplit(path: full, folder: other.name)
        }
        return kind
    }

    private func absolute(_ path: String) -> String { path.isEmpty ? root : root + "/" + path }

    private func join(_ folder: String, _ name: String) -> String {
        folder.isEmpty ? name : folder + "/" + name
    }
}
