import TailorDatasets
import TailorSupport

/// Fingerprint of the images that a run used: SHA-256 over the sorted lines of split, path and content, and of the class
/// where the folders of the path do not say it (images of a CSV, relabelled ones).
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

    /// A file as the fingerprint sees it: path from the dataset's folder, SHA-256 of the bytes, and class.
    package typealias File = (path: String, sha256: String, className: String)

    /// Computes the fingerprint. Throws `ContentHashError`.
    public init(train: [ScreenedImage], validation: [ScreenedImage], classes: ClassList) throws {
        func file(_ image: ScreenedImage) -> File {
            let name = classes.names.indices.contains(image.label) ? classes.names[image.label] : ""
            return (image.path, image.measurement.sha256, name)
        }
        try self.init(train: train.map(file), validation: validation.map(file), classes: classes)
    }

    /// - Parameter withLabels: false for the fingerprint of earlier versions, which left classes to the paths.
    package init(
        train: [File], validation: [File], classes: ClassList, withLabels: Bool = true
    ) throws {
        let known = withLabels ? Set(classes.names) : nil
        self.train = try Self.digest(of: train, split: "train", classes: known)
        self.validation = try Self.digest(of: validation, split: "validation", classes: known)
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
        try digest(of: images.map { ($0.path, $0.measurement.sha256, "") }, split: split, classes: nil)
    }

    private static func digest(of files: [File], split: String, classes: Set<String>?) throws -> Digest {
        var hasher = try ContentHasher()
        for file in files.sorted(by: { PathKey($0.path) < PathKey($1.path) }) {
            try hasher.update("\(split)\0\(file.path)\0\(file.sha256)\0")
            if let classes, !says(file.path, file.className, among: classes) {
                try hasher.update("class\0\(file.className)\0")
            }
        }
        return Digest(count: files.count, sha256: try hasher.finish())
    }

    /// Whether the folders of a path name a class, and no other one.
    private static func says(_ path: String, _ className: String, among classes: Set<String>) -> Bool {
        let folders = path.utf8.split(separator: UInt8(ascii: "/")).dropLast().map { String(Substring($0)) }
        return Set(folders.filter(classes.contains)) == [className]
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
