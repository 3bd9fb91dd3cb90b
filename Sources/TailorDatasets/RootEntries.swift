import TailorImages
import TailorSupport

/// Top-level folders of a dataset: splits, and others.
///
/// A name proposes what a folder is, and what lies in it decides: a split holds a folder of images a class, a
/// class holds images. Folders are listed for that where names alone may mislead; no file is opened.
package struct RootEntries {
    package private(set) var train: String?
    package private(set) var validation: String?
    /// Name of the test folder; nil if there is none.
    package private(set) var test: String?
    package private(set) var others: [String] = []
    /// How names were understood.
    package private(set) var notes: [String] = []
    package private(set) var warnings: [String] = []

    /// Lists a folder. Throws `DatasetError` when it cannot be listed, has two folders of the same meaning, or
    /// one that may be a split or a class.
    package init(path: String) throws {
        let folders = try DirectoryListing(path: path).entries
            .filter { $0.kind.mayBeFolder && !JunkFiles.contains($0.name) }.map(\.name)
        let roles = try FolderRoles(folders, in: path)
        (notes, warnings) = (roles.notes, roles.warnings)
        for part in SplitPart.allCases {
            let names = roles.splits.filter { $0.part == part }.map(\.name)
            guard names.count <= 1 else {
                throw DatasetError.severalFolders(path: path, names: names, meaning: part.rawValue)
            }
            switch part {
            case .train: train = names.first
            case .val: validation = names.first
            case .test: test = names.first
            }
        }
        let splits = Set(roles.splits.map { PathKey($0.name) })
        others = folders.filter { !splits.contains(PathKey($0)) }
    }

    /// Name of a part's folder.
    func folder(of part: SplitPart) -> String? {
        switch part {
        case .train: train
        case .val: validation
        case .test: test
        }
    }
}
