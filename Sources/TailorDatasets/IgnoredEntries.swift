import TailorImages
import TailorSupport

/// Counts of skipped entries.
package struct IgnoredEntries {
    private var junk: [String: Int] = [:]
    private var extensions: [String: Int] = [:]
    private var looseImages = 0
    private var firstLooseImage: String?
    /// Maximum number of kinds counted separately, so that memory stays bounded.
    private static let maximumKinds = 50

    package static func isImage(_ name: String) -> Bool { ImageFormat(named: name) != nil }

    mutating func countJunk(_ name: String) {
        Self.count(JunkFiles.knownNames.contains(name) ? name : "hidden", in: &junk)
    }

    mutating func countOther(_ name: String) {
        Self.count(fileExtension(of: name).map { "." + $0 } ?? "no extension", in: &extensions)
    }

    /// Counts an image that lies beside the class folders rather than in one.
    mutating func countLooseImage(_ path: String) {
        looseImages += 1
        if firstLooseImage == nil { firstLooseImage = path }
    }

    /// Notes on skipped entries, one for each sort.
    package var notes: [String] {
        var notes: [String] = []
        if !junk.isEmpty {
            notes.append(
                "ignored \(counted(total(junk), "entry", "entries")) of the system's: \(kinds(junk))")
        }
        if !extensions.isEmpty {
            let files = counted(total(extensions), "file")
            notes.append("ignored \(files) not named as images: \(kinds(extensions))")
        }
        if let firstLooseImage {
            notes.append(
                "ignored \(counted(looseImages, "image")) outside of the class folders: "
                    + "\(firstLooseImage.printable)\(looseImages > 1 ? " and more" : "")")
        }
        return notes
    }

    private static func count(_ kind: String, in counts: inout [String: Int]) {
        let known = counts[kind] != nil || counts.count < maximumKinds
        counts[known ? kind : "others", default: 0] += 1
    }

    /// Name of a format that is not read, in brackets; empty for others.
    private static func format(_ kind: String) -> String {
        ForeignFormat(named: "x" + kind).map { " (\($0.name))" } ?? ""
    }

    private func total(_ counts: [String: Int]) -> Int { counts.values.reduce(0, +) }

    private func kinds(_ counts: [String: Int]) -> String {
        counts.sorted { ($1.value, PathKey($0.key)) < ($0.value, PathKey($1.key)) }
            .map { "\($0.key)\(Self.format($0.key)) × \($0.value)" }.listed(limit: 6)
    }
}
