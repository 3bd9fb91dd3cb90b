import Foundation
import Synchronization
import TailorImages
import TailorSupport

/// Cache of measurements, keyed by path, size and modification time.
///
/// One file per dataset. A file that is missing, damaged or of another version counts as empty; failure to
/// write is ignored.
package final class MeasurementCache: Sendable {
    /// State of a file, to detect changes since it was measured.
    struct Stamp: Codable, Hashable {
        /// A point in time as the file system counts it.
        struct Time: Codable, Hashable {
            let seconds: Int
            let nanoseconds: Int

            init(_ time: timespec) {
                seconds = time.tv_sec
                nanoseconds = time.tv_nsec
            }
        }

        let bytes: Int
        let modified: Time
        /// Last change of content or attributes. Copying tools set the time of modification back; this one they
        /// cannot.
        let changed: Time
        let node: UInt64

        /// Reads a file's state; nil when it does not exist.
        init?(_ url: URL) {
            var facts = stat()
            guard stat(url.path, &facts) == 0 else { return nil }
            bytes = Int(facts.st_size)
            node = UInt64(facts.st_ino)
            #if canImport(Darwin)
                modified = Time(facts.st_mtimespec)
                changed = Time(facts.st_ctimespec)
            #else
                modified = Time(facts.st_mtim)
                changed = Time(facts.st_ctim)
            #endif
        }
    }

    private struct Entry: Codable {
        let stamp: Stamp
        let measurement: ImageMeasurement
    }

    private struct State: Sendable {
        var entries: [String: Entry] = [:]
        var isChanged = false
    }

    private struct Contents: Codable {
        var version: Int
        var entries: [String: Entry]
    }

    /// Version of the measurements, raised whenever they change.
    private static let version = 4

    /// Length of the SHA-256 that the file begins with.
    private static let digestBytes = 64

    private let file: URL
    private let state: Mutex<State>

    /// Reads the cache file, if there is one.
    init(file: URL) {
        self.file = file
        var state = State()
        let decoder = PropertyListDecoder()
        // A changed bit would be a changed figure: believed only under its own SHA-256.
        if let signed = try? Data(contentsOf: file), case let data = signed.dropFirst(Self.digestBytes),
            let digest = try? ContentHash.sha256(data), signed.starts(with: digest.utf8),
            let contents = try? decoder.decode(Contents.self, from: data), contents.version == Self.version
        {
            // Check the array lengths, which other code relies on: the file may have been changed.
            state.entries = contents.entries.filter { $0.value.measurement.isWellFormed }
        }
        self.state = Mutex(state)
    }

    func measurement(of url: URL) -> ImageMeasurement? {
        guard let entry = state.withLock({ $0.entries[url.path] }), Stamp(url) == entry.stamp else {
            return nil
        }
        return entry.measurement
    }

    func insert(_ measurement: ImageMeasurement, of url: URL, stamp: Stamp) {
        state.withLock {
            $0.entries[url.path] = Entry(stamp: stamp, measurement: measurement)
            $0.isChanged = true
        }
    }

    /// Writes new entries and drops files that are not among `paths`.
    func save(keeping paths: [URL]) {
        let contents = state.withLock { state -> Contents? in
            guard state.isChanged else { return nil }
            let kept = Set(paths.map(\.path))
            return Contents(
                version: Self.version, entries: state.entries.filter { kept.contains($0.key) })
        }
        guard let contents else { return }
        let encoder = PropertyListEncoder()
        encoder.outputFormat = .binary
        guard let data = try? encoder.encode(contents), let digest = try? ContentHash.sha256(data) else {
            return
        }
        try? FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try? AtomicFile.write(Data(digest.utf8) + data, to: file)
    }

    /// Standard cache file of a dataset in the user's cache folder; nil when there is no such folder. Throws
    /// `ContentHashError`.
    static func standardFile(for root: URL, intensityRange: IntensityRange? = nil) throws -> URL? {
        guard let folder = CacheFolder.tailor(ProcessInfo.processInfo.environment) else { return nil }
        let path = root.standardizedFileURL.resolvingSymlinksInPath().path
        // Pixels differ with the range.
        let range = intensityRange.map { "\0\($0.low):\($0.high)" } ?? ""
        let name = try ContentHash.sha256(Data((path + range).utf8)).prefix(24)
        return folder.appending(path: "audit/\(name).plist")
    }
}

extension ImageMeasurement {
    fileprivate var isWellFormed: Bool {
        mean.count == 3 && deviation.count == 3 && facts.width > 0 && facts.height > 0
            && thumbnail.count == Self.thumbnailSide * Self.thumbnailSide
    }
}
