import Foundation
import TailorSupport

/// Test set as its images' content, wherever they lie.
public struct TestSet: Sendable, Hashable {
    /// An image of the set.
    public struct Image: Sendable, Hashable {
        /// Path from the data folder.
        public let path: String
        /// Name of its class.
        public let label: String
        /// SHA-256 of the file's bytes.
        public let sha256: String
        /// SHA-256 of size and pixels of the upright image.
        public let pixels: String
        /// Size of the file in bytes.
        public let bytes: Int

        public init(path: String, label: String, sha256: String, pixels: String, bytes: Int) {
            self.path = path
            self.label = label
            self.sha256 = sha256
            self.pixels = pixels
            self.bytes = bytes
        }
    }

    public let images: [Image]
    /// SHA-256 over the sorted pixel hashes and classes: independent of paths, encodings and order.
    public let id: String

    /// Throws `ContentHashError`.
    public init(_ images: [Image]) throws {
        self.images = images
        var hasher = try ContentHasher()
        for line in Set(images.map { "\($0.pixels)\0\($0.label)\0" }).sorted() { try hasher.update(line) }
        id = try hasher.finish()
    }

    private var contents: Set<String> { Set(images.map(\.pixels)) }

    /// Number of distinct images that both sets hold.
    func common(with other: TestSet) -> Int { contents.intersection(other.contents).count }

    /// Whether a look at one set was a look at the other: half of the smaller one, or more, is in both.
    func isSame(as other: TestSet) -> Bool {
        id == other.id || 2 * common(with: other) >= max(1, min(contents.count, other.contents.count))
    }

    /// Differences of two uses of a test set, in distinct images.
    public struct Changes: Sendable, Hashable {
        public let added: Int
        public let removed: Int
        /// Images with other pixels under the same path.
        public let changed: Int
        /// Images in another class.
        public let relabelled: Int

        /// `3 images added, 1 removed`; nil if there are no changes.
        public var text: String? {
            let parts = [
                (added, "added"), (removed, "removed"), (changed, "changed"),
                (relabelled, "in another class"),
            ].filter { $0.0 > 0 }
            guard let (count, what) = parts.first else { return nil }
            return (["\(counted(count, "image")) \(what)"] + parts.dropFirst().map { "\($0.0) \($0.1)" })
                .joined(separator: ", ")
        }
    }

    /// What is different from an earlier state.
    func changes(since earlier: TestSet) -> Changes {
        let (now, then) = (contents, earlier.contents)
        let (new, gone) = (now.subtracting(then), then.subtracting(now))
        let pixelsThen = Self.dictionary(earlier.images) { (PathKey($0.path), $0.pixels) }
        let changed = images.filter { image in
            guard new.contains(image.pixels), let before = pixelsThen[PathKey(image.path)] else {
                return false
            }
            return gone.contains(before)
        }
        let newByChange = Set(changed.map(\.pixels))
        let goneByChange = Set(changed.compactMap { pixelsThen[PathKey($0.path)] })
        let labelThen = Self.dictionary(earlier.images) { ($0.pixels, $0.label) }
        let labelNow = Self.dictionary(images) { ($0.pixels, $0.label) }
        return Changes(
            added: new.count - newByChange.count, removed: gone.count - goneByChange.count,
            changed: changed.count,
            relabelled: labelNow.count { content, label in labelThen[content].map { $0 != label } ?? false })
    }

    private static func dictionary<Key: Hashable>(
        _ images: [Image], _ pair: (Image) -> (Key, String)
    ) -> [Key: String] {
        Dictionary(images.map(pair), uniquingKeysWith: { first, _ in first })
    }
}

extension TestSet {
    private static let columns = ["path", "class", "sha256", "pixels_sha256", "bytes"]

    /// Reads the list of a set. Throws `FileError`, `CSVError` and `ContentHashError`.
    init(contentsOf url: URL) throws {
        let data = try RegularFile.contents(of: url, maximumBytes: 1 << 30)
        let records = try CSV.records(String(decoding: data, as: UTF8.self))
        guard records.first?.fields == Self.columns else {
            throw FileError(
                operation: "read", path: url.path,
                reason: "expected the columns \(Self.columns.joined(separator: ","))")
        }
        try self.init(
            records.dropFirst().map { record in
                let fields = record.fields
                guard fields.count == Self.columns.count, let bytes = Int(fields[4]), bytes >= 0 else {
                    throw FileError(
                        operation: "read", path: url.path,
                        reason: "line \(record.line) is no image of a test set")
                }
                return Image(
                    path: fields[0], label: fields[1], sha256: fields[2], pixels: fields[3], bytes: bytes)
            })
    }

    func write(to url: URL) throws {
        let rows = images.map { CSV.line([$0.path, $0.label, $0.sha256, $0.pixels, String($0.bytes)]) }
        let text = ([CSV.line(Self.columns)] + rows).joined(separator: "\n") + "\n"
        try AtomicFile.write(Data(text.utf8), to: url)
    }
}
