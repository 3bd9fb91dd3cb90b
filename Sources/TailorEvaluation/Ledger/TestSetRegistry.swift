import Foundation
import TailorSupport

/// The test sets that a user has tested models on, in the user's state folder.
///
/// A folder a set, named by ``TestSet/id``: `images.csv`, and `ledger.jsonl` with its anchor `uses.json`.
struct TestSetRegistry: Sendable {
    /// `test-sets` in the state folder.
    let folder: URL

    init(stateFolder: URL) { folder = stateFolder.appending(path: "test-sets", directoryHint: .isDirectory) }

    /// A set on record.
    struct Known {
        let id: String
        /// nil when its list cannot be read.
        let images: TestSet?
        let file: LedgerFile
    }

    /// Holds off other processes that record a use. Throws `FileError` when the folder cannot be written.
    func lock() throws -> LockedAppendFile {
        try Folder.create(folder)
        return try LockedAppendFile(url: folder.appending(path: ".lock"))
    }

    /// All sets on record, in the order of their ids; none when there is no folder. Throws `FileError` when
    /// there is one that cannot be listed.
    func known() throws -> [Known] {
        var facts = stat()
        if stat(folder.path, &facts) != 0, errno == ENOENT { return [] }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        } catch {
            throw FileError(operation: "read", path: folder.path, reason: FileError.reason(of: error))
        }
        return names.filter(Self.isID).sorted().map { id in
            let images = try? TestSet(contentsOf: list(of: id))
            return Known(id: id, images: images?.id == id ? images : nil, file: file(of: id))
        }
    }

    /// Adds entries to the record of a set. The caller holds the lock.
    func record(_ entries: [TestLedger.Entry], of set: TestSet) throws {
        try file(of: set.id).locked { session in
            if (try? TestSet(contentsOf: list(of: set.id)))?.id != set.id {
                try set.write(to: list(of: set.id))
            }
            for entry in entries { try session.append(entry) }
        }
    }

    /// Uses on record of a set; 0 for an unknown one.
    func uses(of id: String) throws -> Int { Self.isID(id) ? try file(of: id).inspect().uses : 0 }

    private func list(of id: String) -> URL { folder.appending(path: "\(id)/images.csv") }

    private func file(of id: String) -> LedgerFile {
        let home = folder.appending(path: id, directoryHint: .isDirectory)
        return LedgerFile(
            url: home.appending(path: "ledger.jsonl"), anchorURL: home.appending(path: "uses.json"))
    }

    private static func isID(_ name: String) -> Bool {
        name.utf8.count == 64 && name.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
}
