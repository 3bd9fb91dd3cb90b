import Foundation
import TailorSupport

extension ForeignFormat {
    /// Most entries that are looked at.
    private static let maximumEntries = 2000

    /// What to say of the first file of a format that is not read, in folders without images; nil when there is
    /// none. Files that no extension names are opened for their first bytes.
    ///
    /// - Parameter isDeep: whether to enter the folders below.
    package static func described(in folders: [String], isDeep: Bool = true) -> String? {
        var looked = 0
        for folder in folders {
            let options: FileManager.DirectoryEnumerationOptions =
                isDeep ? [] : [.skipsSubdirectoryDescendants]
            guard
                let walker = FileManager.default.enumerator(
                    at: URL(fileURLWithPath: folder), includingPropertiesForKeys: nil, options: options)
            else { continue }
            for case let url as URL in walker where !JunkFiles.contains(url.lastPathComponent) {
                looked += 1
                guard looked <= maximumEntries else { return nil }
                guard let format = ForeignFormat(named: url.lastPathComponent) ?? sniffed(url) else {
                    continue
                }
                return "\(format.name) files (\(url.lastPathComponent.printable)), which are not read: "
                    + format.remedy
            }
        }
        return nil
    }

    private static func sniffed(_ url: URL) -> ForeignFormat? {
        guard ImageFormat(named: url.lastPathComponent) == nil, let file = try? RegularFile(reading: url),
            let head = try? file.remainder(upTo: headBytes)
        else { return nil }
        return ForeignFormat(head: head)
    }
}
