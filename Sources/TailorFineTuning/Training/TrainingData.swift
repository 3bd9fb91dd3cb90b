import Foundation
import TailorAudit
import TailorDatasets
import TailorImages
import TailorSplitting
import TailorSupport

/// Images of a run: every one opened once, hashed, searched for copies, and split. Nothing below `test/` is read.
public struct TrainingData: Sendable {
    public struct Options: Sendable {
        /// Share of the training images that is split off, stratified, where there are no validation images;
        /// refused where there are. Nil: 0.2 where it is needed.
        public var validationShare: Double?
        /// Decides that split.
        public var seed: UInt64
        /// Refuse any image that cannot be read, and any entry of `exclusions` and
        /// `grouping` that names none.
        public var strict: Bool
        public var workers: Int
        /// What somebody decided about labels; carried out before `exclusions`.
        public var decisions: DecisionList?
        /// Files to leave out.
        public var exclusions: ExclusionList?
        /// What says which images belong together, if not the dataset's own CSV does; a split made here keeps groups
        /// whole.
        public var grouping: GroupSource?
        /// Bytes of decoded images that are kept.
        public var cacheBytes: Int
        /// The recipe's: samples of 16-bit images that become black and white.
        public var intensityRange: IntensityRange?
        /// Train although validation images, or images of two classes, are copies.
        public var allowsLeaks: Bool
        /// Called with the class list before any image is opened; what it throws ends the preparation.
        public var checkClasses: (@Sendable (ClassList) throws -> Void)?

        public init(
            validationShare: Double? = nil, seed: UInt64 = 1, strict: Bool = false, workers: Int = 2,
            decisions: DecisionList? = nil, exclusions: ExclusionList? = nil, grouping: GroupSource? = nil,
            cacheBytes: Int = DecodedImageCache.defaultByteBudget,
            intensityRange: IntensityRange? = nil, allowsLeaks: Bool = false,
            checkClasses: (@Sendable (ClassList) throws -> Void)? = nil
        ) {
            self.validationShare = validationShare
            self.seed = seed
            self.strict = strict
            self.workers = workers
            self.decisions = decisions
            self.exclusions = exclusions
            self.grouping = grouping
            self.cacheBytes = cacheBytes
            self.intensityRange = intensityRange
            self.allowsLeaks = allowsLeaks
            self.checkClasses = checkClasses
        }
    }

    public let root: URL
    public let dataset: ScreenedDataset
    public let train: [Sample]
    public let validation: [Sample]
    /// SHA-256 over classes, split and the content of every file.
    public let fingerprint: String
    /// "folder", or what was split off.
    public let validationSource: String
    /// Decisions about labels that were carried out; nil where none were given.
    public let decisions: AppliedDecisions?
    /// Copies across train and validation or across classes, fewer than make training pointless; images
    /// without a group.
    let leakWarnings: [String]
    /// Decoded images, as many as fit in a share of the memory.
    let cache: DecodedImageCache
    /// As the images were decoded.
    let intensityRange: IntensityRange?
    /// Sets of indices of the dataset's images that must stay on one side of a split, and the names of the groups
    /// among them.
    let together: [[Int]]
    let groupNames: [String]

    public var classes: ClassList { dataset.classes }
    public var trainCounts: [Int] { dataset.trainCounts }
    public var validationCounts: [Int] {
        var counts = [Int](repeating: 0, count: classes.count)
        for sample in validation { counts[sample.label] += 1 }
        return counts
    }
    public var warnings: [String] { dataset.warnings + leakWarnings }

    /// Scans, decodes and splits. Throws `DatasetError` for whatever would make training fail or lie, and
    /// `SplitError` when what must stay together leaves nothing to divide.
    ///
    /// - Parameter scanned: the folder where it was scanned already.
    public static func prepare(
        _ root: URL, scanned: DatasetFolder? = nil, options: Options = .init(),
        report: (@Sendable (Int, Int) -> Void)? = nil
    ) throws -> TrainingData {
        var folder = try scanned ?? DatasetFolder.scan(root)
        if options.validationShare != nil, folder.validation != nil {
            throw DatasetError.shareWithoutEffect(path: folder.root)
        }
        try options.checkClasses?(folder.classes)
        let groups = try ImageGroups.known(
            options.grouping, listed: folder.groups, paths: folder.listedPaths, root: folder.root,
            testFolder: folder.testFolder, testPaths: folder.testPaths, strict: options.strict)
        var decisions: AppliedDecisions?
        if let list = options.decisions { (folder, decisions) = try folder.applying(list) }
        if let exclusions = options.exclusions {
            folder = try folder.excluding(exclusions, strict: options.strict)
        }
        let cache = DecodedImageCache(byteBudget: options.cacheBytes)
        let total = folder.train.count + (folder.validation?.count ?? 0)
        var screened = try folder.screened(
            options: FileScreening.Options(
                strict: options.strict, workers: options.workers, intensityRange: options.intensityRange),
            cache: cache,
            progress: { report?($0, total) })
        if options.grouping == nil, let note = folder.groups.note { screened.notes.append(note) }
        let audit = TrainingAudit(screened.images, groups: groups, workers: options.workers)
        let dataset = try screened.withValidation(
            share: options.validationShare ?? 0.2, seed: options.seed, together: audit.inseparable,
            groups: audit.groupNames)
        guard let validation = dataset.validation, !validation.isEmpty else {
            let groups = audit.groupNames
            let kept = groups.isEmpty ? "" : ", of which each group (\(groups.listed(limit: 3))) stays whole"
            throw RecipeError(
                "\(root.path): too few images to set any aside for validation\(kept); add a val/ folder")
        }
        let findings = audit.findings(in: dataset)
        if !options.allowsLeaks,
            let refusal = LeakRefusal(
                findings, imageCount: dataset.images.count,
                validationCount: validation.count)
        {
            throw refusal
        }
        let source =
            screened.hasValidation
            ? "folder" : "\(counted(validation.count, "image")) split off train by seed \(options.seed)"
        return TrainingData(
            root: root, dataset: dataset, train: dataset.train.map(\.sample),
            validation: validation.map(\.sample), fingerprint: try dataset.fingerprint().sha256,
            validationSource: source, decisions: decisions,
            leakWarnings: (groups?.warnings ?? []) + findings.filter { $0.severity < .advice }.map(\.warning),
            cache: cache, intensityRange: options.intensityRange, together: audit.inseparable,
            groupNames: audit.groupNames)
    }

    /// Throws `ContentHashError`.
    func facts() throws -> RunRecord.DatasetFacts {
        RunRecord.DatasetFacts(
            path: root.path, fingerprint: fingerprint, trainCounts: trainCounts,
            validationCounts: validationCounts, validationSource: validationSource, hasTest: dataset.hasTest,
            skipped: dataset.unreadable.map(\.description), notes: dataset.notes,
            thumbnails: try RunThumbnails(listedImages).sha256(), decisions: decisions)
    }

    /// Writes which file was used for what, and the files' thumbnails.
    func writeFileList(to folder: RunFolder) throws {
        try fileList.write(to: folder.datasetFiles)
        try RunThumbnails(listedImages).write(to: folder.datasetThumbnails)
    }

    /// Which file is used for what.
    var fileList: RunFileList { RunFileList(listedImages, classes: classes) }

    /// Images in the order of the file list: training, then validation.
    private var listedImages: [ScreenedImage] { dataset.train + (dataset.validation ?? []) }
}
