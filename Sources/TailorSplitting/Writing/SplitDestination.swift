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
        guard mode == .manifest else {
            do {
                self.path = try NewFolder(url).path
            } catch let error as OutputFileError {
                throw SplitError.destination(path: error.path, reason: error.reason)
            }
            try Self.checkApart(self.path, from: source)
            return
        }
        self.path = path
        guard fileExtension(of: RelativePath.name(path)) == "csv" else {
            throw refused("expected a file ending in .csv for the manifest")
        }
        var facts = stat()
        if lstat(path, &facts) == 0 { throw refused("exists already: choose another name") }
        try NewFolder.checkWritable(path)
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
        try NewFolder(checked: path).build(body)
    }
}
