import TailorDatasets
import TailorImages
import TailorSupport

/// Checks of single files.
struct FileChecks {
    let images: [ScreenedImage]
    let problems: [FileProblem]
    let narrow: NarrowRange
    private let training: Int
    private let formats: FormatCheck

    /// - Parameter training: number of the problems that lie in the training set.
    init(images: [ScreenedImage], problems: [FileProblem], training: Int, narrow: NarrowRange) {
        self.images = images
        self.problems = problems
        self.training = training
        self.narrow = narrow
        formats = FormatCheck(images)
    }

    /// Minimum length of the shorter side in pixels.
    private static let smallestSide = 32
    /// Aspect ratio (long side over short side) that counts as extreme.
    private static let extremeAspect = 4.0
    /// Contrast in grey levels (standard deviation) below which an image counts as blank.
    private static let blankContrast: Float = 2

    var findings: [Finding] {
        [narrow.finding(images), unreadable, blank, tiny, extreme, odd, misnamed, turned, converted, dropped]
            .compactMap { $0 }
    }

    private var unreadable: Finding? {
        guard !problems.isEmpty else { return nil }
        let share = Double(problems.count) / Double(images.count + problems.count)
        return Finding(
            severity: share > 0.05 || training < problems.count ? .error : .warning,
            area: .files, code: "unreadable",
            title: "\(counted(problems.count, "file")) cannot be read.",
            why: "They are left out of training, and a test set with holes answers another question.",
            remedy: "Get them anew from where they came from, or remove them.",
            items: problems.map { .init(paths: [$0.path], note: $0.reason, exclude: [$0.path]) })
    }

    private func finding(
        _ code: String, _ severity: Finding.Severity, _ chosen: [ScreenedImage], title: String, why: String,
        remedy: String, exclude: Bool = false, note: (ScreenedImage) -> String
    ) -> Finding? {
        guard !chosen.isEmpty else { return nil }
        return Finding(
            severity: severity, area: .files, code: code, title: title, why: why, remedy: remedy,
            items: chosen.map { .init(paths: [$0.path], note: note($0), exclude: exclude ? [$0.path] : []) })
    }

    private var blank: Finding? {
        // A dark 16-bit image may have all of its contrast below one grey level of 8 bits.
        let chosen = images.filter {
            $0.measurement.contrast < Self.blankContrast && !narrow.isAffected($0.measurement.facts)
        }
        return finding(
            "blank", .warning, chosen,
            title: "\(counted(chosen.count, "image")) blank or nearly so.",
            why: "There is nothing to see in it, so the label can only be learnt by heart.",
            remedy: "Look whether the camera or the export failed, and remove it.", exclude: true
        ) { "contrast \(Int($0.measurement.contrast.rounded())) of 255 grey levels" }
    }

    private var tiny: Finding? {
        let chosen = images.filter { min($0.measurement.width, $0.measurement.height) < Self.smallestSide }
        return finding(
            "tiny", .warning, chosen,
            title: "\(counted(chosen.count, "image")) with a side under \(Self.smallestSide) pixels.",
            why: "Enlarged to the network's size it is a blur; often a thumbnail or an icon got in.",
            remedy: "Replace it by the full-size picture or remove it."
        ) { Self.size($0) }
    }

    private var extreme: Finding? {
        let chosen = images.filter {
            let sides = [$0.measurement.width, $0.measurement.height]
            return Double(sides.max() ?? 1) / Double(max(sides.min() ?? 1, 1)) > Self.extremeAspect
        }
        return finding(
            "extreme-aspect", .warning, chosen,
            title:
                "\(counted(chosen.count, "image")) more than \(Int(Self.extremeAspect)) times as long as wide.",
            why: "A centre crop shows a small part of it, squashing distorts it.",
            remedy: "Cut out the part that matters, or train with --fit pad."
        ) { Self.size($0) }
    }

    private var odd: Finding? {
        guard let usual = formats.usual else { return nil }
        return finding(
            "odd-format", .warning, formats.odd,
            title: "\(counted(formats.odd.count, "image")) of a format that the other "
                + "\(usual.count) (\(usual.format)) do not have.",
            why: "A lone file of another kind is often a web page's “image not found” picture or a logo.",
            remedy: "Open it; remove it if it does not belong."
        ) { "\($0.measurement.facts.format), \(Self.size($0))" }
    }

    private var misnamed: Finding? {
        finding(
            "wrong-extension", .advice, formats.misnamed,
            title: "\(counted(formats.misnamed.count, "file")) of another format than the name says.",
            why: "Read by content here; other programs may refuse it.",
            remedy: "Rename it, or leave it as it is."
        ) { "holds \($0.measurement.facts.format)" }
    }

    private var turned: Finding? {
        let chosen = images.filter { $0.measurement.facts.orientation != .upright }
        return finding(
            "exif-orientation", .advice, chosen,
            title: "\(counted(chosen.count, "image")) stored turned, with an EXIF tag that says so.",
            why:
                "Turned upright here, in training as in prediction; programs that ignore the tag see it lying.",
            remedy: "Nothing to do in Tailor."
        ) { "orientation \($0.measurement.facts.orientation.rawValue)" }
    }

    private var converted: Finding? {
        let chosen = images.filter {
            let facts = $0.measurement.facts
            return facts.bitsPerSample > 8 || ![.grey, .rgb].contains(facts.colorModel)
        }
        return finding(
            "converted-color", .advice, chosen,
            title: "\(counted(chosen.count, "image")) with 16 bits, transparency or printing colours.",
            why: "Converted to 8-bit RGB by fixed rules: 16 bits scaled, transparency over white.",
            remedy: "If 16-bit files use a small part of their range, stretch it before training."
        ) { "\($0.measurement.facts.bitsPerSample) bits, \($0.measurement.facts.colorModel.rawValue)" }
    }

    private var dropped: Finding? {
        let chosen = images.filter { $0.measurement.facts.droppedBands > 0 }
        return finding(
            "dropped-bands", .warning, chosen,
            title: "\(counted(chosen.count, "image")) with bands that are neither colour nor declared alpha.",
            why:
                "Infrared, a mask or the like: the file does not say what it is, so the colours alone are used.",
            remedy: "If it is transparency, write the file anew with ExtraSamples 2; if it matters for the "
                + "class, put it into one of the three colours."
        ) { "\(counted($0.measurement.facts.droppedBands, "band")) left out" }
    }

    private static func size(_ image: ScreenedImage) -> String {
        "\(image.measurement.width)×\(image.measurement.height) pixels"
    }
}
