import Foundation
import TailorEvaluation
import TailorSupport

/// Test images that an evaluation left out, in byte order of their paths: `test/left_out.csv`.
public struct LeftOutImages: Sendable {
    /// Images that training has seen.
    public let seen: [TestOverlapsTraining.Pair]
    /// Paths that a list of exclusions named.
    public let listed: [String]

    /// Counts for `metrics.json`; nil if nothing was left out.
    public var counts: MetricsReport.LeftOut? {
        seen.isEmpty && listed.isEmpty ? nil : .init(seenInTraining: seen.count, listed: listed.count)
    }

    /// In sentences, with the first few names.
    func warnings(of total: Int, fullList: URL) -> [String] {
        var found: [String] = []
        let place = "all in \(fullList.relativePath.printable)"
        if !seen.isEmpty {
            let verb = seen.count == 1 ? "was" : "were"
            found.append(
                "\(seen.count) of \(counted(total, "test image")) \(verb) also used in training and left out "
                    + "(\(place)): \(seen.map(\.description).listed(limit: 3))")
        }
        if !listed.isEmpty {
            let verb = listed.count == 1 ? "was" : "were"
            found.append(
                "\(counted(listed.count, "test image")) \(verb) left out by the list of exclusions (\(place)): "
                    + listed.listed(limit: 3))
        }
        return found
    }

    /// Writes the columns `path,reason,training_image`; removes the list of an earlier test if there is nothing
    /// to write.
    func write(to url: URL) throws {
        guard counts != nil else {
            if unlink(url.path) != 0, errno != ENOENT {
                throw FileError(operation: "write", path: url.path, code: errno)
            }
            return
        }
        let rows =
            seen.map { [$0.test, $0.kind.rawValue, $0.training] }
            + listed.map { [$0, "list of exclusions", ""] }
        let lines = rows.sorted { PathKey($0[0]) < PathKey($1[0]) }.map(CSV.line)
        let text = (["path,reason,training_image"] + lines).joined(separator: "\n") + "\n"
        try AtomicFile.write(Data(text.utf8), to: url)
    }
}
