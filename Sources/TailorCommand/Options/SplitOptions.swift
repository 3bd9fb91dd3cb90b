import ArgumentParser
import Tailor

/// How images are divided.
struct SplitOptions: ParsableArguments {
    @Option(help: "Share of every class for validation.")
    var val = SplitShares.standard.val

    @Option(help: "Share of every class for the test; train gets the rest.")
    var test = SplitShares.standard.test

    @Option(help: "Decides which groups go where.")
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            "Images stay together whose paths from SOURCE have the same first capture group, or whole match.",
            valueName: "regex"))
    var groupBy: String?

    @Option(help: "link (default), copy, or manifest (a CSV alone).")
    var mode: SplitDestination.Mode?

    @Flag(
        inversion: .prefixedNo,
        help: "Look at every image and keep copies of a picture, and pictures of one subject, on one side.")
    var nearDuplicates = true

    @Flag(help: "Leave out images and annotations with problems instead of refusing.")
    var skipProblems = false

    func validate() throws {
        do {
            _ = try SplitShares(val: val, test: test)
        } catch {
            throw ValidationError("--val, --test: \(error)")
        }
    }

    func planner() throws -> SplitPlanner {
        SplitPlanner(shares: try SplitShares(val: val, test: test), seed: seed)
    }
}

/// How annotated boxes are cut out.
struct BoxOptions: ParsableArguments {
    @Option(help: "Folder of Pascal VOC .xml or YOLO .txt files, or a COCO .json file, about SOURCE.")
    var annotations: String?

    @Option(help: "Share of a box's width and height that is added on each side.")
    var margin = 0.1

    @Option(help: ArgumentHelp("Boxes of which the shorter side is less are left out.", valueName: "pixels"))
    var minBox = 16

    @Option(help: "png (every pixel kept) or jpeg (quality 95).")
    var cropFormat = Cropping.Format.png

    func validate() throws {
        do {
            _ = try cropping()
        } catch {
            throw ValidationError("--margin, --min-box: \(error)")
        }
    }

    func cropping() throws -> Cropping {
        try Cropping(margin: margin, minimumSide: minBox, format: cropFormat)
    }
}

extension SplitDestination.Mode: ExpressibleByArgument {}
extension Cropping.Format: ExpressibleByArgument {}
