import TailorDatasets
import TailorSupport

/// Checks of image sizes and shapes relative to the network's input.
struct GeometryChecks {
    let images: [ScreenedImage]
    let classes: [String]
    /// Side of the network's square input in pixels.
    let imageSize: Int

    var findings: [Finding] { [cropLoss, shrunk, enlarged].compactMap { $0 } }

    /// Sentence about the sizes.
    var note: String {
        let short = shortSides
        return
            "short sides \(short.first ?? 0) to \(short.last ?? 0) pixels, median \(Self.median(short)); a centre crop "
            + "discards \(percent(Self.mean(images.map(Self.discarded)))) of the pixels on average"
    }

    private var shortSides: [Int] {
        images.map { min($0.measurement.width, $0.measurement.height) }.sorted()
    }

    /// Share of the pixels outside the centre crop.
    private static func discarded(_ image: ScreenedImage) -> Double {
        let (width, height) = (Double(image.measurement.width), Double(image.measurement.height))
        return 1 - min(width, height) / max(width, height)
    }

    private var cropLoss: Finding? {
        let losses = images.map(Self.discarded)
        let loss = Self.mean(losses)
        guard loss >= 0.15 else { return nil }
        let byClass = classes.indices.compactMap { label -> String? in
            let mine = zip(images, losses).filter { $0.0.label == label }.map(\.1)
            return mine.isEmpty ? nil : "\(classes[label].printable) \(percent(Self.mean(mine)))"
        }
        return Finding(
            severity: loss >= 0.35 ? .warning : .advice, area: .geometry, code: "crop-loss",
            title:
                "The centre crop throws away \(percent(loss)) of the pixels on average (\(byClass.listed(limit: 6))).",
            why: "What lies near the ends of the long side is never seen, in evaluation and in use.",
            remedy:
                "Subject always in the middle: keep the crop. Anywhere else: --fit pad keeps everything and the "
                + "aspect; --fit squash keeps everything where aspect means nothing.")
    }

    private var shrunk: Finding? {
        let median = Self.median(shortSides)
        let factor = Double(median) / Double(imageSize)
        guard factor >= 3 else { return nil }
        let lost = Int((2 * factor).rounded())
        return Finding(
            severity: factor >= 6 ? .warning : .advice, area: .geometry, code: "shrunk",
            title:
                "Pictures are shrunk to \(imageSize) pixels, by \(Int(factor.rounded())) times for the median one.",
            why:
                "A detail under about \(lost) pixels across becomes under 2 and is gone: fine for a subject that "
                + "fills the picture, fatal for small defects.",
            remedy: "Small details: a larger --image-size, or cut the pictures into pieces.")
    }

    private var enlarged: Finding? {
        let chosen = images.filter {
            3 * min($0.measurement.width, $0.measurement.height) < 2 * imageSize
                && min($0.measurement.width, $0.measurement.height) >= 32
        }
        guard chosen.count * 10 >= images.count else { return nil }
        return Finding(
            severity: .advice, area: .geometry, code: "enlarged",
            title:
                "\(percent(Double(chosen.count) / Double(images.count))) of the pictures are enlarged to \(imageSize) pixels.",
            why: "It costs time and adds nothing to see.",
            remedy: "Try a smaller --image-size (128 or 160).")
    }

    private static func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(max(values.count, 1))
    }

    private static func median(_ sorted: [Int]) -> Int { sorted.isEmpty ? 0 : sorted[sorted.count / 2] }
}
