import Tailor
import TailorArguments
import TailorSupport

/// Options for dividing images.
struct SplitOptions: ArgumentGroup {
    @Option(
        placeholder: "share", shown: SplitShares.standard.val.argumentText,
        help: "Share of every class for validation.")
    var val: Double?

    @Option(
        placeholder: "share", shown: SplitShares.standard.test.argumentText,
        help: "Share of every class for the test; train gets the rest.")
    var test: Double?

    @Option(shown: "1", help: "Decides which groups go where.")
    var seed: UInt64?

    @Flag(
        help: """
            If SOURCE is split already, keep its val/ and test/, and cut what is missing out of train (shares are of \
            train's images).
            """)
    var keepSplits = false

    @Flag(help: "If SOURCE is split already, divide all of its images anew.")
    var merge = false

    @OptionGroup
    var groups: GroupOptions

    @Option(
        placeholder: "old=new",
        help: "Call a class otherwise, or like another to merge them.")
    var rename: [String]

    @Option(shown: "link", help: "Fill DEST with links or copies, or write a manifest (a CSV) alone.")
    var mode: SplitDestination.Mode?

    @Flag(
        negatable: true,
        help: "Look at every image and keep copies of a picture, and pictures of one subject, on one side.")
    var nearDuplicates = true

    @Option(
        shown: "0:65535",
        help: "Samples of 16-bit images that are black and white, for that look and for crops.")
    var intensityRange: IntensityRange?

    @Flag(help: "Leave out images and annotations with problems, and name them, instead of refusing.")
    var skipProblems = false

    func validate() throws {
        do {
            _ = try SplitShares(val: shares.val, test: shares.test)
        } catch {
            throw UsageError("--val, --test: \(error)")
        }
        if keepSplits, merge { throw UsageError("--keep-splits and --merge exclude each other") }
        do {
            _ = try ClassRenaming(rename)
        } catch {
            throw UsageError("--rename: \(error)")
        }
    }

    private var shares: (val: Double, test: Double) {
        (val ?? SplitShares.standard.val, test ?? SplitShares.standard.test)
    }

    var existing: ExistingSplits? { keepSplits ? .keep : merge ? .merge : nil }

    /// Throws `UsageError` for options that have no effect on the source.
    func planner(for source: SplitSource) throws -> SplitPlanner {
        let given = [("--val", val != nil), ("--test", test != nil), ("--seed", seed != nil)]
            .filter(\.1).map(\.0)
        guard !source.isDivided || given.isEmpty else {
            throw UsageError(
                "\(given.listed()): \(source.path.printable) says itself which image is in which part; leave "
                    + "this out, or take its split column away")
        }
        for (part, share) in [(SplitPart.val, val), (.test, test)] where source.kept.contains(part) {
            if let share, share > 0 {
                throw UsageError(
                    "--\(part.rawValue) \(share): --keep-splits keeps the source's \(part.rawValue)/ as it is"
                )
            }
        }
        return SplitPlanner(
            shares: try source.shares(val: shares.val, test: shares.test), seed: seed ?? 1)
    }
}

/// Options for cutting out annotated boxes.
struct BoxOptions: ArgumentGroup {
    @Option(
        placeholder: "path", completion: .file("json"),
        help: "Pascal VOC .xml or YOLO .txt files in a folder, a COCO .json, or a .csv with a box a row.")
    var annotations: [String]

    @Option(
        placeholder: "share", shown: "0.1",
        help: "Share of a box's width and height that is added on each side.")
    var margin: Double?

    @Option(
        placeholder: "pixels", shown: "16", help: "Boxes of which the shorter side is less are left out.")
    var minBox: Int?

    @Option(shown: "png", help: "png keeps every pixel, jpeg has quality 95.")
    var cropFormat: Cropping.Format?

    func validate() throws {
        let given = [
            ("--margin", margin != nil), ("--min-box", minBox != nil), ("--crop-format", cropFormat != nil),
        ].filter(\.1).map(\.0)
        if annotations.isEmpty, !given.isEmpty {
            throw UsageError("\(given.joined(separator: ", ")): only boxes of --annotations are cut out")
        }
        do {
            _ = try cropping()
        } catch {
            throw UsageError("--margin, --min-box: \(error)")
        }
    }

    func cropping(_ intensityRange: IntensityRange? = nil) throws -> Cropping {
        try Cropping(
            margin: margin ?? 0.1, minimumSide: minBox ?? 16, format: cropFormat ?? .png,
            intensityRange: intensityRange)
    }
}

extension SplitDestination.Mode: ArgumentValue {}
extension Cropping.Format: ArgumentValue {}
