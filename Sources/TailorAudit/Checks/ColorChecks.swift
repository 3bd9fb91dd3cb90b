import TailorDatasets
import TailorImages
import TailorSupport

/// Checks of colour, exposure, and shortcuts through them.
struct ColorChecks {
    let images: [ScreenedImage]
    let classes: [String]
    let probe: ShortcutProbe

    var findings: [Finding] { [shortcut, exposure, mixedColor].compactMap { $0 } }

    /// Mean difference of a pixel's channels below which an image counts as grey.
    private static let greyColorfulness: Float = 3

    var greyShare: Double {
        let grey = images.filter { $0.measurement.colorfulness < Self.greyColorfulness }.count
        return Double(grey) / Double(max(images.count, 1))
    }

    /// Sentence with mean and standard deviation beside ImageNet's.
    var note: String {
        func mean(_ value: (ImageMeasurement) -> [Float]) -> [Float] {
            (0..<3).map { channel in
                images.reduce(0) { $0 + value($1.measurement)[channel] } / Float(max(images.count, 1)) / 255
            }
        }
        func text(_ values: [Float]) -> String {
            values.map { "\(Double(Int(($0 * 1000).rounded())) / 1000)" }.joined(separator: " ")
        }
        return
            "mean of red, green, blue \(text(mean(\.mean))), deviation within a picture \(text(mean(\.deviation))); "
            + "ImageNet \(text(Preprocessing.imageNetMean)), \(text(Preprocessing.imageNetStandardDeviation)). "
            + "Training keeps ImageNet's normalisation, which pretrained weights expect, and measures whether "
            + "batch-norm statistics of these images serve better"
    }

    /// Sentence with the accuracy of each clue alone; empty when it could not be measured.
    var probeNote: String {
        guard let first = probe.results.first else { return "" }
        return "balanced accuracy from trivial figures alone (guessing: \(percent(first.chance))): "
            + probe.results.map { "\($0.clue.rawValue) \(percent($0.accuracy))" }.joined(separator: ", ")
    }

    private var shortcut: Finding? {
        let telling = probe.results.filter(\.isTelling).sorted { $0.accuracy > $1.accuracy }
        guard let strongest = telling.first else { return nil }
        let isTechnical = !probe.technical.isEmpty
        let isStrong = strongest.accuracy > strongest.chance + 0.5 * (1 - strongest.chance)
        return Finding(
            severity: isTechnical || isStrong ? .warning : .advice, area: .color, code: "shortcut",
            title: "The class can be told without looking at the subject: "
                + telling.map { "\($0.clue.rawValue) \(percent($0.accuracy))" }.joined(separator: ", ")
                + " balanced accuracy (guessing: \(percent(strongest.chance))).",
            why: isTechnical
                ? "Classes were collected in different ways. A network learns the camera, the export or the "
                    + "background, and fails where that differs."
                : "Perhaps this is the subject (a dark cell is a broken cell), perhaps only the lighting on the day.",
            remedy: isTechnical
                ? "Take all classes with the same camera, export and framing; test on images from elsewhere."
                : "If it is the lighting: photograph classes in turn. If it is the subject: leave colour and "
                    + "brightness out of the augmentation.")
    }

    private var exposure: Finding? {
        let chosen = images.filter {
            let image = $0.measurement
            return image.contrast >= 2
                && (image.whiteShare > 0.3 || image.blackShare > 0.6 || image.mean.reduce(0, +) / 3 < 20)
        }
        guard !chosen.isEmpty, chosen.count * 4 < images.count else { return nil }
        return Finding(
            severity: .advice, area: .color, code: "exposure",
            title: "\(counted(chosen.count, "image")) much too dark or too bright, unlike the rest.",
            why: "What is clipped is gone.", remedy: "Look whether they can be recognised by eye.",
            items: chosen.map {
                .init(
                    paths: [$0.path],
                    note: "black \(percent(Double($0.measurement.blackShare))), white "
                        + "\(percent(Double($0.measurement.whiteShare)))")
            })
    }

    private var mixedColor: Finding? {
        guard greyShare > 0.02, greyShare < 0.98 else { return nil }
        let byClass = classes.indices.compactMap { label -> String? in
            let mine = images.filter { $0.label == label }
            guard !mine.isEmpty else { return nil }
            let grey = mine.filter { $0.measurement.colorfulness < Self.greyColorfulness }.count
            return "\(classes[label].printable) \(percent(Double(grey) / Double(mine.count)))"
        }
        let chosen = images.filter {
            ($0.measurement.colorfulness < Self.greyColorfulness) == (greyShare < 0.5)
        }
        return Finding(
            severity: .advice, area: .color, code: "mixed-color",
            title:
                "\(percent(greyShare)) of the images are grey, the others in colour (grey: \(byClass.listed(limit: 6))).",
            why: "Two kinds of camera, perhaps; where shares differ by class, that is a shortcut.",
            remedy: "Make them alike: all in colour, or all grey.",
            items: chosen.map { .init(paths: [$0.path]) })
    }
}
