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

    /// Differences of two uses of a test set.
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
        let (now, then) = (labels, earlier.labels)
        /// How many files of these pixels one state has more than another.
        func surplus(_ pixels: String, _ a: [String: [String]], over b: [String: [String]]) -> Int {
            max(0, (a[pixels]?.count ?? 0) - (b[pixels]?.count ?? 0))
        }
        let pixelsThen = Dictionary(
            earlier.images.map { (PathKey($0.path), $0.pixels) }, uniquingKeysWith: { first, _ in first })
        let changed = images.count { image in
            guard let before = pixelsThen[PathKey(image.path)], before != image.pixels else { return false }
            return surplus(image.pixels, now, over: then) > 0 && surplus(before, then, over: now) > 0
        }
        return Changes(
            added: now.keys.reduce(0) { $0 + surplus($1, now, over: then) } - changed,
            removed: then.keys.reduce(0) { $0 + surplus($1, then, over: now) } - changed,
            changed: changed,
            relabelled: now.count { pixels, labels in
                then[pixels].map { $0.count == labels.count && $0.sorted() != labels.sorted() } ?? false
            })
    }

    /// Classes of the files of each picture, by its pixels.
    private var labels: [String: [String]] {
        Dictionary(grouping: images, by: \.pixels).mapValues { $0.map(\.label) }
    }
}

extension TestSet {
    private static let columns = ["path", "class", "sha256", "pixels_sha256", "bytes"]

    /// Reads the list of a set. Throws `FileError`, `CSVError` and `ContentHashError`.
    init(contentsOf url: URL) throws {
        let data = try RegularFile.contents(of: url, maximumBytes: 1 << 30)
        let records = try CSV.records(String(decoding: data, as: UTF8.self), isOwn: true)
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
