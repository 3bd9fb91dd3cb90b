import Foundation
import TailorDatasets
import TailorSupport

/// Destination of a split: a folder that does not exist yet or is empty, or a new CSV file.
public struct SplitDestination: Sendable {
    public enum Mode: String, Codable, Sendable, CaseIterable {
        /// Folders with symbolic links to the images.
        case link
        case copy
        /// Single CSV with the part of each image, without folders.
        case manifest
    }

    public let path: String
    public let mode: Mode

    /// Checks a destination without creating it. Throws `SplitError.destination` for one that exists, for a
    /// manifest that is not named `.csv`, and for a folder within `source`; `DatasetError` for a folder that
    /// cannot be listed.
    public init(_ url: URL, mode: Mode, source: URL) throws {
        let path = DatasetFolder.trimmed(url.standardizedFileURL.path)
        func refused(_ reason: String) -> SplitError { SplitError.destination(path: path, reason: reason) }
        self.mode = mode
        var facts = stat()
        let exists = lstat(path, &facts) == 0
        if mode == .manifest {
            self.path = path
            guard fileExtension(of: RelativePath.name(path)) == "csv" else {
                throw refused("expected a file ending in .csv for the manifest")
            }
            if exists { throw refused("exists already: choose another name") }
            try Self.checkWritable(path)
            return
        }
        guard exists else {
            self.path = path
            try Self.checkApart(path, from: source)
            try Self.checkWritable(path)
            return
        }
        // A rename replaces an empty folder, but not a link to one.
        guard let resolved = DirectoryListing.resolved(path), stat(resolved, &facts) == 0,
            facts.st_mode & S_IFMT == S_IFDIR
        else { throw refused("exists already and is not a folder: choose another name") }
        let listing = try DirectoryListing(path: resolved)
        let count = listing.entries.count + listing.undecodable.count
        guard count == 0 else {
            throw refused(
                "exists already and holds \(counted(count, "entry", "entries")): choose another folder")
        }
        // Renaming over the current folder would leave the shell in a deleted one.
        if resolved == DirectoryListing.resolved(".") {
            throw refused("is the current folder: name a new one")
        }
        self.path = resolved
        try Self.checkApart(resolved, from: source)
        try Self.checkWritable(path)
    }

    /// Checks that something can be made in the folder above, or the nearest there is. Throws `FileError`.
    private static func checkWritable(_ path: String) throws {
        var folder = RelativePath.folder(path)
        while !folder.isEmpty, !FileManager.default.fileExists(atPath: folder) {
            folder = RelativePath.folder(folder)
        }
        try TemporaryFiles.checkWritable(folder.isEmpty ? "/" : folder, for: path)
    }

    /// Refuses a destination within the source, where the next scan would take it for classes or images.
    private static func checkApart(_ path: String, from source: URL) throws {
        guard let root = DirectoryListing.resolved(source.path), URL(fileURLWithPath: path).isWithin(source)
        else { return }
        throw SplitError.destination(
            path: path,
            reason: "lies within \(root.printable), where the images are: choose a folder beside it")
    }

    /// Lets `body` fill a temporary folder beside the destination, then renames it. On failure nothing
    /// remains.
    func build(_ body: (_ folder: String) throws -> Void) throws {
        let parent = RelativePath.folder(path)
        let made = try Self.makeFolders(parent)
        var random = SystemRandomNumberGenerator()
        let temporary = "\(parent)/.tailor-split-\(String(random.next(), radix: 36))"
        do {
            guard mkdir(temporary, 0o777) == 0 else {
                throw FileError(operation: "create", path: temporary, code: errno)
            }
            try body(temporary)
            guard rename(temporary, path) == 0 else {
                throw FileError(operation: "create", path: path, code: errno)
            }
        } catch {
            try? FileManager.default.removeItem(atPath: temporary)
            for folder in made.reversed() { rmdir(folder) }
            throw error
        }
    }

    /// Creates the missing folders of a path and returns them, the outermost first.
    static func makeFolders(_ path: String) throws -> [String] {
        var missing: [String] = []
        var folder = path
        while !folder.isEmpty, !FileManager.default.fileExists(atPath: folder) {
            missing.append(folder)
            folder = RelativePath.folder(folder)
        }
        missing.reverse()
        for (position, folder) in missing.enumerated() where mkdir(folder, 0o777) != 0 {
            let error = FileError(operation: "create", path: folder, code: errno)
            for made in missing[..<position].reversed() { rmdir(made) }
            throw error
        }
        return missing
    }
}
