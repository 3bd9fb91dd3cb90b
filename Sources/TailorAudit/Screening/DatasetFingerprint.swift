import TailorDatasets
import TailorSupport

/// Fingerprint of the images that a run used: SHA-256 over the sorted lines of split, path and content.
public struct DatasetFingerprint: Codable, Sendable, Hashable {
    /// SHA-256 of both splits and the class list.
    public let sha256: String
    public let classes: Digest
    public let train: Digest
    public let validation: Digest

    /// Number of entries and their common hash.
    public struct Digest: Codable, Sendable, Hashable {
        public let count: Int
        public let sha256: String
    }

    /// A file as the fingerprint sees it: path from the dataset's folder and SHA-256 of the bytes.
    package typealias File = (path: String, sha256: String)

    /// Computes the fingerprint. Throws `ContentHashError`.
    public init(train: [ScreenedImage], validation: [ScreenedImage], classes: ClassList) throws {
        try self.init(train: train.map(Self.file), validation: validation.map(Self.file), classes: classes)
    }

    package init(train: [File], validation: [File], classes: ClassList) throws {
        self.train = try Self.digest(of: train, split: "train")
        self.validation = try Self.digest(of: validation, split: "validation")
        var names = try ContentHasher()
        // NUL ends each part, because no name can contain it.
        for name in classes.names { try names.update("class\0\(name)\0") }
        self.classes = Digest(count: classes.count, sha256: try names.finish())
        var all = try ContentHasher()
        try all.update("\(self.classes.sha256)\n\(self.train.sha256)\n\(self.validation.sha256)\n")
        sha256 = try all.finish()
    }

    /// Digest of one set of images in any order, for instance for the test set's entry in the ledger.
    /// Throws `ContentHashError`.
    public static func digest(of images: [ScreenedImage], split: String) throws -> Digest {
        try digest(of: images.map(file), split: split)
    }

    private static func file(_ image: ScreenedImage) -> File { (image.path, image.measurement.sha256) }

    private static func digest(of files: [File], split: String) throws -> Digest {
        var hasher = try ContentHasher()
        for file in files.sorted(by: { PathKey($0.path) < PathKey($1.path) }) {
            try hasher.update("\(split)\0\(file.path)\0\(file.sha256)\0")
        }
        return Digest(count: files.count, sha256: try hasher.finish())
    }

    /// Differences from an earlier run, in words; empty when there are none.
    public func differences(from earlier: DatasetFingerprint) -> [String] {
        var differences: [String] = []
        if classes != earlier.classes {
            differences.append("classes (\(earlier.classes.count) then, \(classes.count) now)")
        }
        for (name, now, then) in [
            ("training", train, earlier.train), ("validation", validation, earlier.validation),
        ] where now != then {
            let detail =
                now.count == then.count
                ? "\(counted(now.count, "image")) as before, but not the same files"
                : "\(counted(then.count, "image")) then, \(now.count) now"
            differences.append("\(name) set (\(detail))")
        }
        return differences
    }
}
