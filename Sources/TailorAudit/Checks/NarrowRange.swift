import TailorImages
import TailorSupport

/// Share of their range that the 16-bit images of a set use: cameras and X-ray detectors store 10 to 14 bits in
/// files of 16, which become nearly black when the whole range is scaled to 8 bits.
struct NarrowRange {
    /// Largest sample that is under an eighth of the range.
    private static let largestNarrow = 8191
    /// Share of the 16-bit images that must be narrow; a few dark ones are no matter of the format.
    private static let quorum = 0.9

    private let given: IntensityRange?
    private let deepCount: Int
    private let narrowCount: Int
    /// Number of the images with samples above the range that was given.
    private let clippedCount: Int
    /// Largest sample of all; of the narrow images only, where no range was given.
    private let largest: Int

    init(_ images: [ScreenedImage], given: IntensityRange?) {
        self.init(images.map(\.measurement.facts), given: given)
    }

    /// - Parameter given: the range by which the images were decoded; nil for the whole.
    init(_ facts: [ImageFacts], given: IntensityRange?) {
        let samples = facts.compactMap(\.largestSample)
        let narrow = samples.filter { $0 <= Self.largestNarrow }
        self.given = given
        deepCount = facts.count { $0.bitsPerSample > 8 }
        narrowCount = narrow.count
        clippedCount = given.map { range in samples.count { $0 > range.high } } ?? 0
        largest = (given == nil ? narrow : samples).max() ?? 0
    }

    /// Whether the 16-bit images use under an eighth of their range, and none was given.
    private var isNarrow: Bool {
        given == nil && narrowCount > 0 && Double(narrowCount) >= Self.quorum * Double(deepCount)
    }

    /// Whether an image is nearly black for this reason alone.
    func isAffected(_ facts: ImageFacts) -> Bool {
        isNarrow && facts.largestSample.map { 1...Self.largestNarrow ~= $0 } ?? false
    }

    private var statement: String {
        "\(narrowCount) of \(counted(deepCount, "16-bit image")) \(narrowCount == 1 ? "uses" : "use") under an "
            + "eighth of the range: samples up to \(largest) of 65535."
    }

    /// `0:4095` for samples of 12 bits.
    private var suggestion: String {
        "0:\((1 << (Int.bitWidth - max(1, largest).leadingZeroBitCount)) - 1)"
    }

    /// Warnings of a training run or a split.
    var warnings: [String] {
        if isNarrow {
            return [
                "\(statement) They are nearly black; --intensity-range \(suggestion) makes the most of them"
            ]
        }
        guard let given else { return [] }
        if deepCount == 0 { return ["no image has 16 bits: the intensity range has no effect"] }
        guard clippedCount > 0 else { return [] }
        return [
            "\(clippedCount) of \(counted(deepCount, "16-bit image")) \(clippedCount == 1 ? "has" : "have") samples "
                + "above \(given.high) (up to \(largest)): they become white"
        ]
    }

    func finding(_ images: [ScreenedImage]) -> Finding? {
        guard isNarrow else {
            return warnings.first.map {
                Finding(
                    severity: .warning, area: .files, code: "intensity-range",
                    title: $0.prefix(1).uppercased() + $0.dropFirst() + ".",
                    why: "Samples beyond the range are lost, and images of 8 bits are not scaled.",
                    remedy: "Look at the range that was given.")
            }
        }
        return Finding(
            severity: .warning, area: .files, code: Finding.narrowRange, title: statement,
            why:
                "They are nearly black, here and for the network: what else is said of them below may change.",
            remedy:
                "Give --intensity-range \(suggestion) to check, train and split; it is stored in the model.",
            items: images.filter { isAffected($0.measurement.facts) }.map {
                .init(paths: [$0.path], note: "up to \($0.measurement.facts.largestSample ?? 0)")
            })
    }
}

extension Finding {
    fileprivate static let narrowRange = "narrow-range"

    /// Place in a report: first what puts the other findings in doubt, then by severity.
    var rank: Int {
        code == Self.narrowRange ? -1 : Severity.allCases.firstIndex(of: severity) ?? 0
    }
}
