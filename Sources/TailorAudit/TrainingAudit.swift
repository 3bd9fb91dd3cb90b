import Foundation
import TailorDatasets
import TailorImages
import TailorSupport

/// The part of an audit that training does by itself: copies within what it may see. Never of test images.
///
/// Measures images while they are screened, so that no file is read twice.
public final class TrainingAudit: @unchecked Sendable {
    // `@unchecked`: `measurements` is guarded by `lock`.
    private let lock = NSLock()
    private let decoder = ImageDecoder()
    private var measurements: [Sample: ImageMeasurement] = [:]

    public init() {}

    /// For `FileScreening`; an image that cannot be measured is compared with none. Throws `ContentHashError`.
    public func inspect(_ sample: Sample, _ data: Data, _ image: RGBImage) throws {
        do {
            let facts = try decoder.probe(data, name: sample.relativePath)
            let measurement = try ImageMeasurement(data, image: image, facts: facts)
            lock.withLock { measurements[sample] = measurement }
        } catch is ImageError {
            return
        }
    }

    /// Compares the images. `grouping`: the group of a path; images of one group belong together.
    public func compared(
        _ samples: [Sample], grouping: (@Sendable (String) -> String?)?, workers: Int
    ) -> Comparison {
        let known = lock.withLock { measurements }
        let measured = samples.indices.filter { known[samples[$0]] != nil }
        let search = DuplicateSearch(
            measured.compactMap { known[samples[$0]] }, neighbours: nil, workers: workers)
        return Comparison(
            samples: samples, measured: measured, measurements: known, search: search,
            groups: grouping.map { grouping in samples.map { grouping($0.relativePath) } })
    }

    public struct Comparison: Sendable {
        private let samples: [Sample]
        private let measured: [Int]
        private let measurements: [Sample: ImageMeasurement]
        private let search: DuplicateSearch
        private let groups: [String?]?

        init(
            samples: [Sample], measured: [Int], measurements: [Sample: ImageMeasurement],
            search: DuplicateSearch, groups: [String?]?
        ) {
            self.samples = samples
            self.measured = measured
            self.measurements = measurements
            self.search = search
            self.groups = groups
        }

        /// Indices of the samples that must not be divided: copies, pictures of one subject, groups.
        public var inseparable: [[Int]] {
            search.inseparable(places: measured, count: samples.count, groups: groups)
        }

        /// What is found once it is known which images validate.
        public func findings(validation: Set<Sample>, classes: ClassList) -> [Finding] {
            let images = measured.compactMap { index in
                measurements[samples[index]].map {
                    AuditImage(
                        path: samples[index].relativePath,
                        split: validation.contains(samples[index]) ? .val : .train,
                        label: samples[index].label, measurement: $0)
                }
            }
            let names = groups.map { groups in measured.map { groups[$0] ?? samples[$0].relativePath } }
            return LeakChecks(images: images, classes: classes.names, search: search, groups: names).findings
        }
    }
}

/// Training images that make the figures on validation meaningless.
public struct LeakRefusal: CategorizedError, Sendable {
    /// Share of the validation images, or of all, that may be affected before training is refused.
    public static let tolerance = 0.05

    public let reasons: [String]

    /// Nil when what was found can be lived with.
    public init?(_ findings: [Finding], imageCount: Int, validationCount: Int) {
        reasons = findings.filter { $0.severity == .error }.compactMap { finding in
            let affected = finding.items.reduce(0) { $0 + $1.paths.count }
            let limit = finding.code.hasSuffix("-across-splits") ? validationCount : imageCount
            return Double(affected) > Self.tolerance * Double(limit) ? finding.title : nil
        }
        if reasons.isEmpty { return nil }
    }

    public var category: ErrorCategory { .gate }

    public var description: String {
        reasons.joined(separator: "\n  ")
            + "\n  Validation would pick a model by what it has learnt by heart. See "
            + "tailor check DATA; --fix NAME.txt lists what to leave out, train --exclude-from takes the list. "
            + "--allow-leaks trains all the same."
    }
}

extension Finding {
    /// A line for a run's warnings, with its first files.
    public var warning: String {
        let shown = items.prefix(3).map { $0.paths.joined(separator: " = ") }
        let more = items.count > 3 ? " and \(items.count - 3) more" : ""
        return title + (shown.isEmpty ? "" : " " + shown.joined(separator: ", ") + more)
    }
}
