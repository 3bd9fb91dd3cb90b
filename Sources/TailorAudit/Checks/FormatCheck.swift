import TailorImages
import TailorSupport

/// Check for files whose format differs from the others' or from their names.
struct FormatCheck {
    /// Format of most images, if there are enough of it to make others conspicuous.
    let usual: (format: ImageFormat, count: Int)?
    /// Images in a rare format, one or two among many, in the order of the images: more often a “not found”
    /// image or a scan of something else than a photograph.
    let odd: [ScreenedImage]
    /// Images whose names state another format; they are read by content.
    let misnamed: [ScreenedImage]

    private static let usualAtLeast = 50
    private static let maximumOdd = 2

    init(_ images: [ScreenedImage]) {
        let counts = Dictionary(images.map { ($0.measurement.facts.format, 1) }, uniquingKeysWith: +)
        usual = counts.max { $0.value < $1.value }.flatMap {
            $0.value >= Self.usualAtLeast ? (format: $0.key, count: $0.value) : nil
        }
        if let usual {
            odd = images.filter {
                let format = $0.measurement.facts.format
                return format != usual.format && counts[format, default: 0] <= Self.maximumOdd
            }
        } else {
            odd = []
        }
        misnamed = images.filter {
            let named = ImageFormat(named: $0.path)
            return named != nil && named != $0.measurement.facts.format
        }
    }

    /// Warnings of a training run, one for each odd format.
    var warnings: [String] {
        guard let usual else { return [] }
        return ImageFormat.allCases.compactMap { format in
            let paths = odd.filter { $0.measurement.facts.format == format }.map(\.path)
            guard !paths.isEmpty else { return nil }
            return "\(paths.count) \(format) among \(usual.count) \(usual.format) images: \(paths.listed()). "
                + "Look whether it belongs there"
        }
    }

    /// Notes of a training run.
    var notes: [String] {
        guard !misnamed.isEmpty else { return [] }
        let listed = misnamed.map { "\($0.path) (\($0.measurement.facts.format))" }.listed(limit: 3)
        return [
            "\(counted(misnamed.count, "image")) of another format than the name says, read by content: \(listed)"
        ]
    }
}
