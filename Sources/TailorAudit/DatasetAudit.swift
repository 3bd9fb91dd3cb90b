import Foundation
import TailorDatasets
import TailorImages
import TailorSupport

/// Looks for what would make a training fail or its result a lie, before an epoch is spent.
///
/// Opens every image, those of `test/` too: for hashes, sizes and copies. Labels and features of test
/// images are not looked at.
public struct DatasetAudit: Sendable {
    public struct Options: Sendable {
        /// What training would do to the images.
        public var augmentation: Augmentation
        /// Side of the square that the network would see, pixels.
        public var imageSize: Int
        /// The group (patient, video, module) of an image by its path; nil: it is alone.
        public var grouping: (@Sendable (String) -> String?)?
        public var workers: Int
        public var limits: ImageDecoder.Limits
        /// Where measurements are kept between audits; `nil`: nowhere.
        public var cacheFile: URL?

        public init(
            augmentation: Augmentation = .standard, imageSize: Int = 224,
            grouping: (@Sendable (String) -> String?)? = nil,
            workers: Int = ProcessInfo.processInfo.activeProcessorCount,
            limits: ImageDecoder.Limits = .init(),
            cacheFile: URL? = nil
        ) {
            self.augmentation = augmentation
            self.imageSize = imageSize
            self.grouping = grouping
            self.workers = workers
            self.limits = limits
            self.cacheFile = cacheFile
        }
    }

    /// What is being done, for a progress display.
    public struct Progress: Sendable {
        public var step: String
        public var done: Int
        public var total: Int

        public init(step: String, done: Int, total: Int) {
            self.step = step
            self.done = done
            self.total = total
        }
    }

    /// Features of a pretrained trunk for images by path; rows in their order.
    public typealias FeatureSource = ([String]) throws -> FeatureMatrix

    public let report: AuditReport
    /// Every image that could be read.
    public let images: [AuditImage]
    public let classes: [String]
    /// Sets of images (indices of `images`) that must not be on two sides of a split.
    public let inseparable: [[Int]]

    /// In the user's cache folder; nil when there is none. Throws `ContentHashError`.
    public static func standardCacheFile(for root: URL) throws -> URL? {
        try MeasurementCache.standardFile(for: root)
    }

    /// - Parameters:
    ///   - features: without it, cropped copies and doubtful labels are not looked for.
    ///   - progress: called from several threads.
    /// Throws `DatasetError` when there is nothing to look at, `ContentHashError`, and what `features` throws.
    public init(
        _ root: URL, options: Options = .init(), features: FeatureSource? = nil,
        progress: (@Sendable (Progress) -> Void)? = nil
    ) throws {
        let started = ContinuousClock.now
        let listing = try DatasetListing(root)
        let paths = listing.entries.map(\.path)
        let cache = options.cacheFile.map { MeasurementCache(file: $0) }
        let pass = try MeasurementPass(
            root: listing.root, paths: paths, workers: options.workers, limits: options.limits, cache: cache
        ) { progress?(Progress(step: "images", done: $0, total: paths.count)) }
        cache?.save(keeping: paths.map { URL(fileURLWithPath: listing.root + "/" + $0, isDirectory: false) })
        let images = zip(listing.entries, pass.measurements).compactMap { entry, measurement in
            measurement.map {
                AuditImage(path: entry.path, split: entry.split, label: entry.label, measurement: $0)
            }
        }
        let classes = listing.classes
        let all = try features.map { try $0(images.map(\.path)) }
        progress?(Progress(step: "comparing", done: 0, total: 1))
        let neighbours = all?.neighbours(5, workers: options.workers)
        let search = DuplicateSearch(
            images.map(\.measurement), neighbours: neighbours, workers: options.workers)
        progress?(Progress(step: "comparing", done: 1, total: 1))

        // What is said of classes comes from training and validation images: test stays sealed.
        let known = images.indices.filter { images[$0].split != .test }
        let learning = known.map { images[$0] }
        // Copies in two folds would make every probe look good.
        let clusters = search.clusters(Set(DuplicatePair.Kind.allCases), count: images.count)
        var sets = Array(images.indices)
        for cluster in clusters { for member in cluster { sets[member] = cluster[0] } }
        let folds = known.map { sets[$0] }
        let labels = learning.map(\.label)
        let probe = ShortcutProbe(
            learning.map(\.measurement), labels: labels, groups: folds, classCount: classes.count)
        let color = ColorChecks(images: learning, classes: classes, probe: probe)
        let geometry = GeometryChecks(images: learning, classes: classes, imageSize: options.imageSize)
        let groups = options.grouping.map { grouping in images.map { grouping($0.path) ?? $0.path }
        }

        var findings = listing.findings
        findings += FileChecks(images: images, problems: listing.problems + pass.problems).findings
        findings += LeakChecks(images: images, classes: classes, search: search, groups: groups).findings
        var counts: [SplitPart: [Int]] = [:]
        for split in listing.splits { counts[split] = listing.counts(split) }
        findings += BalanceChecks(classes: classes, counts: counts).findings
        findings += geometry.findings + color.findings
        if let all,
            let probabilities = ShrinkageDiscriminant.crossValidated(
                all.rows(known), labels: labels, groups: folds, classCount: classes.count)
        {
            let checks = LabelChecks(probabilities: probabilities, labels: labels, classCount: classes.count)
            findings += [checks.finding(images: learning, classes: classes)].compactMap { $0 }
        }
        findings +=
            AugmentationChecks(
                augmentation: options.augmentation, images: learning, classes: classes,
                greyShare: color.greyShare,
                colorIsTelling: probe.results.contains {
                    $0.isTelling && ($0.clue == .color || $0.clue == .exposure)
                }
            ).findings

        var notes = listing.notes + [geometry.note, color.note] + [color.probeNote].filter { !$0.isEmpty }
        if listing.splits.contains(.test) {
            notes.append(
                "test images were opened for hashes, sizes and copies only; their labels were not used")
        }
        if features == nil {
            notes.append("without features: cropped copies and doubtful labels were not looked for")
        } else if !search.seesCrops {
            notes.append("the pictures look too much alike for cropped copies to be told apart")
        }
        self.images = images
        self.classes = classes
        inseparable = search.inseparable(places: Array(images.indices), count: images.count)
        report = AuditReport(
            root: listing.root, classes: Self.classCounts(listing),
            findings: findings.enumerated().sorted {
                ($0.element.severity, $0.offset) < ($1.element.severity, $1.offset)
            }.map(\.element), notes: notes, imageCount: images.count,
            seconds: (ContinuousClock.now - started) / .seconds(1))
    }

    private static func classCounts(_ listing: DatasetListing) -> [AuditReport.ClassCount] {
        let counts = [SplitPart.train, .val, .test].map { listing.counts($0) }
        return listing.classes.enumerated().map {
            .init(name: $1, train: counts[0][$0], validation: counts[1][$0], test: counts[2][$0])
        }
    }
}
