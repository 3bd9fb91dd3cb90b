import Foundation
import TailorDatasets
import TailorSupport

/// The images that a run trained on and was chosen by, as `dataset.csv` lists them.
package struct RunImages: Sendable {
    package let train: [Sample]
    package let validation: [Sample]
    private let hashes: [PathKey: String]

    /// - Parameter dataset: where the data lies now; `nil`: where the run found it.
    ///
    /// Throws ``RunError`` when the run has no list, CSV and file errors.
    package init(_ folder: RunFolder, record: RunRecord, dataset: URL? = nil) throws {
        guard FileManager.default.fileExists(atPath: folder.datasetFiles.path) else {
            throw RunError.notARun(folder.url.path + " (no dataset.csv)")
        }
        let root = DatasetManifest.root(of: dataset?.path ?? record.dataset.path)
        let label = Dictionary(
            record.classes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var samples: [String: [Sample]] = [:]
        var hashes: [PathKey: String] = [:]
        for row in try CSV.parse(String(contentsOf: folder.datasetFiles, encoding: .utf8)).dropFirst()
        where row.count >= 4 {
            guard let label = label[row[2]] else { continue }
            samples[row[0], default: []].append(Sample(root: root, relativePath: row[1], label: label))
            hashes[PathKey(row[1])] = row[3]
        }
        train = samples["train"] ?? []
        validation = samples["val"] ?? []
        self.hashes = hashes
    }

    /// Throws ``RunError/changedSinceTraining(_:)`` when the bytes are not those of the run, and
    /// `ContentHashError`.
    package func requireUnchanged(_ sample: Sample, bytes: Data) throws {
        guard let expected = hashes[PathKey(sample.relativePath)], try expected != ContentHash.sha256(bytes)
        else {
            return
        }
        throw RunError.changedSinceTraining(sample.relativePath)
    }
}
