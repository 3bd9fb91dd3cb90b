import TailorAudit
import TailorSupport

/// Test images that training has seen, under whatever name, as the perceptual search finds them: re-encoded, resized,
/// brightened, rotated by quarters or mirrored. Much changed ones (shrunk to a quarter, redrawn) are not found.
struct TrainingOverlap {
    /// The training or validation image that each of the test images is or shows; nil where there is none.
    let matches: [TestOverlapsTraining.Pair?]
    /// The training or validation image whose subject a test image seems to show, which is no copy.
    let siblings: [TestOverlapsTraining.Pair]
    /// Why more may have been seen; nil if what the run recorded is whole.
    let unknown: String?
    /// What an earlier version did not record.
    let note: String?

    /// Compares with what the run recorded of its images. Throws `ContentHashError`.
    init(of images: [ScreenedImage], with trained: TrainedModel) throws {
        let record = trained.record
        let list: RunFileList
        do {
            list = try RunFileList(contentsOf: trained.folder.datasetFiles)
        } catch {
            matches = images.map { _ in nil }
            siblings = []
            unknown = "\(error)"
            note = nil
            return
        }
        var reason: String?
        if try !list.matches(fingerprint: record.dataset.fingerprint, classes: record.classes) {
            reason =
                "\(trained.folder.datasetFiles.path.printable) does not list the images that the run was trained on"
        }
        var thumbnails: RunThumbnails?
        if let expected = record.dataset.thumbnails {
            do {
                thumbnails = try RunThumbnails(
                    contentsOf: trained.folder.datasetThumbnails, count: list.rows.count, sha256: expected)
            } catch {
                reason = reason ?? "\(error)"
            }
        }
        let known = KnownImages(
            list.rows.enumerated().map { index, row in
                ImageSignature(
                    sha256: row.sha256, pixelHash: row.pixelHash,
                    thumbnail: thumbnails?.thumbnails[index] ?? .init())
            })
        let found = known.matches(of: images.map(\.measurement.signature), workers: trained.runner.workers)
        let pairs = zip(images, found).map { image, match in
            match.map { match in
                (
                    pair: TestOverlapsTraining.Pair(
                        test: image.path, training: list.rows[match.known].path, kind: .init(match.kind)),
                    isSibling: match.kind == .sibling
                )
            }
        }
        matches = pairs.map { $0.flatMap { $0.isSibling ? nil : $0.pair } }
        siblings = pairs.compactMap { $0.flatMap { $0.isSibling ? $0.pair : nil } }
        unknown = reason
        note =
            record.dataset.thumbnails == nil
            ? "an earlier version trained this run and kept no thumbnails of its images: versions of them "
                + "(re-encoded, resized) in the test set would not be noticed" : nil
    }
}

/// A test set that holds images the model was trained or chosen on: its result would be no test result.
public struct TestOverlapsTraining: CategorizedError, Equatable, Sendable {
    public struct Pair: Equatable, Sendable, CustomStringConvertible {
        public enum Kind: String, Equatable, Sendable {
            case file = "same file"
            case pixels = "same pixels"
            /// Re-encoded, resized, brightened, rotated or mirrored.
            case version

            init(_ kind: DuplicatePair.Kind) {
                self =
                    switch kind {
                    case .bytes: .file
                    case .pixels: .pixels
                    case .copy, .crop, .sibling, .lookalike: .version
                    }
            }
        }

        public let test: String
        public let training: String
        public let kind: Kind

        public var description: String {
            kind == .version
                ? "\(test.printable) is a version of \(training.printable)"
                : "\(test.printable) = \(training.printable)"
        }
    }

    public let pairs: [Pair]
    public let testImages: Int
    /// Whether any such image is refused.
    public let strict: Bool

    /// Share of the test images up to which they are left out.
    public static let tolerance = LeakRefusal.tolerance

    public var category: ErrorCategory { .gate }

    public var description: String {
        let shown = pairs.prefix(5).map { "\n  \($0)" }.joined()
        let more = pairs.count > 5 ? "\n  and \(pairs.count - 5) more" : ""
        let limit =
            strict
            ? "strict mode allows none"
            : "at most \(percent(Self.tolerance)) are left out and the rest is tested"
        let verb = pairs.count == 1 ? "was" : "were"
        return
            "\(pairs.count) of \(counted(testImages, "test image")) \(verb) also used in training: expected images that the "
            + "model never saw (\(limit)). Nothing was tested. Take them out of the test folder, or name them in a "
            + "list for --exclude-from:"
            + shown + more
    }
}

/// Error of `--strict`: it cannot be told whether training has seen the test images.
public struct TestOverlapUnknown: CategorizedError, Equatable, Sendable {
    public let reason: String

    public var category: ErrorCategory { .gate }

    public var description: String { "\(Self.summary(reason)). Nothing was tested (strict mode)" }

    static func summary(_ reason: String) -> String {
        "it cannot be told whether training has seen the test images: \(reason)"
    }
}
