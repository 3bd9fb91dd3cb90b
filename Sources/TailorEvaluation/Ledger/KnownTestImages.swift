import Foundation
import Synchronization
import TailorSupport

/// Recognises images of test sets that are on record among those that are classified without being counted.
///
/// Safe to use from several threads.
package final class KnownTestImages: Sendable {
    /// Hashes of the files on record, by size: only files of such a size are hashed.
    private let hashes: [Int: Set<String>]
    private let counts = Mutex((seen: 0, known: 0))

    /// Looks up the record in the user's state folder; nil when there is none that can be read.
    package convenience init?() { self.init(stateFolder: StateFolder.tailor()) }

    package init?(stateFolder: URL?) {
        let known = (try? stateFolder.map(TestSetRegistry.init)?.known()) ?? []
        var hashes: [Int: Set<String>] = [:]
        for image in known.compactMap(\.images).flatMap(\.images) {
            hashes[image.bytes, default: []].insert(image.sha256)
        }
        guard !hashes.isEmpty else { return nil }
        self.hashes = hashes
    }

    /// Takes note of a file's bytes.
    package func see(_ data: Data) {
        let isKnown = hashes[data.count].map { known in
            (try? ContentHash.sha256(data)).map(known.contains) ?? false
        }
        counts.withLock {
            $0.seen += 1
            if isKnown == true { $0.known += 1 }
        }
    }

    /// Note on what was seen; nil if no image is on record.
    package var note: String? {
        let (seen, known) = counts.withLock { $0 }
        guard known > 0 else { return nil }
        return
            "\(known) of \(counted(seen, "image")) \(known == 1 ? "belongs" : "belong") to a test set that evaluate "
            + "has used; this look at \(known == 1 ? "it" : "them") is not counted"
    }
}
