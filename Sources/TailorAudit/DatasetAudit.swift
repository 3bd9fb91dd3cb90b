import Foundation
import TailorDatasets
import TailorEvaluation
import TailorImages
import TailorSplitting
import TailorSupport

/// Audit of a dataset for faults that would make training fail or its result misleading.
///
/// Opens every image, also those of `test/`, to find faults of files and copies. Labels of test images are
/// used to count classes and to compare copies only.
public struct DatasetAudit: Sendable {
    public struct Options: Sendable {
        /// Augmentation that training would apply.
        public var augmentation: Augmentation
        /// Side of the network's square input in pixels.
        public var imageSize: Int
        /// What says which images belong together (patient, video, module); nil for no groups.
        public var grouping: GroupSource?
        public var workers: Int
        public var limits: ImageDecoder.Limits
        /// Samples of 16-bit images that become black and white; nil for 0 and 65535.
        public var intensityRange: IntensityRange?
        /// File that caches measurements between audits; `nil` for none.
        public var cacheFile: URL?
        /// Whether ``DatasetAudit/labelHead`` is wanted.
        package var fitsLabelHead = false

        public init(
            augmentation: Augmentation = .standard, imageSize: Int = 224,
            grouping: GroupSource? = nil,
            workers: Int = ProcessorCount.available,
            limits: ImageDecoder.Limits = .init(), intensityRange: IntensityRange? = nil,
            cacheFile: URL? = nil
        ) {
            self.augmentation = augmentation
            self.imageSize = imageSize
            self.grouping = grouping
            self.workers = workers
            self.limits = limits
            self.intensityRange = intensityRange
            self.cacheFile = cacheFile
        }
    }

    /// Progress of the audit, for display.
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

    /// Function that extracts features with a pretrained backbone, one row per image; the cache holds decoded
    /// images.
    public typealias FeatureSource = ([Sample], DecodedImageCache) throws -> FeatureMatrix

    /// Nearest images by features among which parts are looked for, for each image.
    static let neighbourCount = 7

    public let report: AuditReport
    /// Images that could be read.
    public let images: [ScreenedImage]
    public let classes: [String]
    /// CSV that divides the images; nil for folders.
    let manifest: String?
    /// Groups that the dataset's own CSV names, by path.
    let listedGroups: [PathKey: String]
    /// Sets of images (indices of `images`) that must stay in one part of a split.
    public let inseparable: [[Int]]
    /// Training and validation images whose label is doubtful, the most doubtful first; none without features.
    package let labelSuspects: [LabelSuspect]
    /// Linear classifier of the features, fitted to the training and validation images whose label is not doubtful; nil
    /// unless it was asked for, without features, and where a class has no such image.
    package let labelHead: LinearHead?
    /// What the labels are judged by: class probabilities of every training and validation image by a classifier
    /// that has not seen it; none without features.
    package let labelAnswers: [PredictionRow]
    /// Indices of the images with the most similar features for each image, the nearest first, without test images;
    /// nil without features.
    package let neighbours: [[Int]]?
    /// Pairs of `images` that show the same.
    package let duplicatePairs: [DuplicatePair]
    /// Files that could not be read.
    package let unreadable: [UnreadableFile]
    /// Range by which 16-bit images were decoded; nil for the whole.
    package let intensityRange: IntensityRange?

    /// Standard file for cached measurements in the user's cache folder; nil when there is none. Throws
    /// `ContentHashError`.
    public static func standardCacheFile(
        for root: URL, intensityRange: IntensityRange? = nil
    ) throws -> URL? {
        try MeasurementCache.standardFile(for: root, intensityRange: intensityRange)
    }

    /// Audits a dataset.
    ///
    /// - Parameters:
    ///   - features: source of features; without it, cropped copies and doubtful labels are not looked for.
    ///   - progress: called from several threads.
    /// - Throws: `DatasetError` when there are no images, `SplitError` when `grouping` hits none,
    ///   `ContentHashError`, and what `features` throws.
    public init(
        _ root: URL, options: Options = .init(), features: FeatureSource? = nil,
        progress: (@Sendable (Progress) -> Void)? = nil
    ) throws {
        let started = ContinuousClock.now
        let listing = try DatasetListing(root, parts: Set(SplitPart.allCases))
        let layout = LayoutChecks(listing)
        guard !layout.samples.isEmpty else {
            let names = listing.split(.train)?.classFolders.map(\.name) ?? []
            if !names.isEmpty, !listing.problems.isEmpty {
                throw DatasetError.classesLost(names: names, problems: listing.problems)
            }
            let folders = listing.splits.flatMap { split in
                split.classFolders.map { listing.path(of: split) + "/" + $0.name }
            }
            if let found = ForeignFormat.described(in: folders) {
                throw DatasetError.foreignFiles(folder: listing.root, description: found)
            }
            let path = listing.splits.first.map(listing.path) ?? listing.root
            throw DatasetError.noClassFolders(path: path, looseImages: DatasetListing.looseImages(in: path))
        }
        let classes = layout.classes
        let samples = layout.samples.map(\.sample)
        let groups = try ImageGroups.known(
            options.grouping, listed: listing.groups, paths: samples.map(\.relativePath), root: listing.root)
        let known = options.cacheFile.map { MeasurementCache(file: $0) }
        // Only feature extraction needs the pixels again.
        let decoded = DecodedImageCache(byteBudget: features == nil ? 0 : DecodedImageCache.defaultByteBudget)
        let outcomes = try ImagePass(
            workers: options.workers, limits: options.limits, intensityRange: options.intensityRange,
            cache: decoded
        ).measure(samples, known: known) {
            progress?(Progress(step: "images", done: $0, total: samples.count))
        }
        known?.save(keeping: samples.map(\.url))
        let problems = listing.problems + outcomes.compactMap(\.problem)
        let images = zip(layout.samples, outcomes).compactMap { entry, outcome in
            outcome.value.map { ScreenedImage(sample: entry.sample, split: entry.split, measurement: $0) }
        }
        let all = images.isEmpty ? nil : try features.map { try $0(images.map(\.sample), decoded) }
        let decoder = ImageDecoder(limits: options.limits, intensityRange: options.intensityRange)
        let neighbours = all?.neighbours(Self.neighbourCount, workers: options.workers) {
            progress?(Progress(step: "neighbours", done: $0, total: images.count))
        }
        let search = DuplicateSearch(
            images.map(\.measurement.signature),
            pictures: VerifiedPictures(of: images.map(\.sample), decoded: decoded, decoder: decoder),
            neighbours: neighbours, workers: options.workers, progress: progress)
        decoded.removeAll()

        // Checks of classes use training and validation images only: the test set stays sealed.
        let learningIndices = images.indices.filter { images[$0].split != .test }
        let learning = learningIndices.map { images[$0] }
        // Copies in two folds would inflate the accuracy of every probe.
        let clusters = search.clusters(DuplicatePair.Kind.copies.union([.sibling]), count: images.count)
        var sets = Array(images.indices)
        for cluster in clusters { for member in cluster { sets[member] = cluster[0] } }
        let folds = learningIndices.map { sets[$0] }
        let labels = learning.map(\.label)
        let probe = ShortcutProbe(
            learning.map(\.measurement), labels: labels, groups: folds, classCount: classes.count)
        let color = ColorChecks(images: learning, classes: classes, probe: probe)
        let geometry = GeometryChecks(images: learning, classes: classes, imageSize: options.imageSize)
        let groupNames = groups.map { groups in images.map { groups.group(of: $0.path) ?? $0.path } }

        var findings = layout.findings
        findings +=
            FileChecks(
                images: images, problems: problems,
                training: problems.filter { listing.part(of: $0.path) == .train }.count,
                narrow: NarrowRange(images, given: options.intensityRange)
            ).findings
        findings += LeakChecks(images: images, classes: classes, search: search, groups: groupNames).findings
        findings += (groups?.warnings ?? []).map(Finding.incompleteGroups)
        var counts: [SplitPart: [Int]] = [:]
        for split in layout.splits { counts[split] = layout.counts(split) }
        findings += BalanceChecks(classes: classes, counts: counts).findings
        if !learning.isEmpty { findings += geometry.findings + color.findings }
        // Copies have their label from one hand; parts, and pictures of one subject, are each other's best witnesses.
        var originals = Array(images.indices)
        for copies in search.clusters(DuplicatePair.Kind.wholeCopies, count: images.count) {
            for copy in copies { originals[copy] = copies[0] }
        }
        let labelAudit = all.flatMap { all in
            LabelAudit(
                all.rows(learningIndices), images: learning, places: learningIndices,
                groups: learningIndices.map { originals[$0] },
                classes: classes, workers: options.workers
            ) { progress?(Progress(step: "labels", done: $0, total: learning.count)) }
        }
        findings += [labelAudit?.finding].compactMap { $0 }
        if !learning.isEmpty {
            findings +=
                AugmentationChecks(
                    augmentation: options.augmentation, images: learning, classes: classes,
                    greyShare: color.greyShare,
                    colorIsTelling: probe.results.contains {
                        $0.isTelling && ($0.clue == .color || $0.clue == .exposure)
                    }
                ).findings
        }

        var notes = listing.notes + (options.grouping == nil ? [listing.groups.note].compactMap { $0 } : [])
        if learning.isEmpty {
            notes.append("no image to learn from could be read: what these show was not checked")
        } else {
            notes += [geometry.note, color.note] + [color.probeNote].filter { !$0.isEmpty }
        }
        if layout.splits.contains(.test) {
            notes.append(
                "test images were read and measured like the others, to find faults of files and copies"
                    + "\(features == nil ? "" : " (by features, too)"); their labels were used to count classes "
                    + "and to compare copies, and no other check looks at them")
        }
        if features == nil {
            notes.append("without features: cropped copies and doubtful labels were not looked for")
        } else if !search.seesResizedCrops {
            notes.append(
                "the pictures look too much alike for cropped copies that were resized to be told apart; those cut out "
                    + "and left as they were have been looked for")
        }
        if search.omittedClaims > 0 {
            notes.append(
                "many pictures look like parts of others: the \(counted(search.omittedClaims, "pair")) that look it "
                    + "least were not compared in detail")
        }
        self.images = images
        self.classes = classes
        labelSuspects = labelAudit?.suspects ?? []
        labelAnswers = labelAudit?.answers ?? []
        let doubtful = Set(labelSuspects.map(\.image))
        labelHead = (options.fitsLabelHead ? all : nil).flatMap { all in
            LinearHead(
                all, labels: images.map(\.label), rows: learningIndices.filter { !doubtful.contains($0) },
                classCount: classes.count)
        }
        self.neighbours = neighbours?.map { $0.filter { images[$0].split != .test } }
        duplicatePairs = search.pairs
        unreadable =
            listing.problems.map { UnreadableFile($0, part: listing.part(of: $0.path), label: nil) }
            + zip(layout.samples, outcomes).compactMap { entry, outcome in
                outcome.problem.map {
                    UnreadableFile($0, part: entry.split, label: entry.sample.label)
                }
            }
        intensityRange = options.intensityRange
        manifest = listing.manifest
        listedGroups = listing.groups.byPath
        inseparable = search.inseparable(places: Array(images.indices), count: images.count)
        report = AuditReport(
            root: listing.root, classes: Self.classCounts(layout),
            findings: findings.enumerated().sorted {
                ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset)
            }.map(\.element), notes: notes, imageCount: images.count,
            seconds: (ContinuousClock.now - started) / .seconds(1))
    }

    /// Number of classes that have training images: the first of `classes`.
    package var trainedClassCount: Int { report.classes.prefix { $0.train > 0 }.count }

    private static func classCounts(_ layout: LayoutChecks) -> [AuditReport.ClassCount] {
        let counts = [SplitPart.train, .val, .test].map { layout.counts($0) }
        return layout.classes.enumerated().map {
            .init(name: $1, train: counts[0][$0], validation: counts[1][$0], test: counts[2][$0])
        }
    }
}
