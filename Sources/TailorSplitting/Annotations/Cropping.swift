import Foundation
import TailorDatasets
import TailorImages
import TailorSupport

/// Settings for cropping boxes into image files.
public struct Cropping: Sendable, Hashable {
    public enum Format: String, Codable, Sendable, CaseIterable {
        /// Lossless PNG.
        case png
        /// JPEG of quality 95.
        case jpeg

        var fileExtension: String {
            switch self {
            case .png: "png"
            case .jpeg: "jpg"
            }
        }
    }

    /// Margin added on each side, as a share of the box's width or height.
    public let margin: Double
    /// Minimum length of a box's shorter side in pixels; smaller boxes are left out.
    public let minimumSide: Int
    public let format: Format
    /// Samples of 16-bit images that become black and white; nil for 0 and 65535.
    public let intensityRange: IntensityRange?

    /// Creates settings. Throws `SplitError.number` for values out of range.
    public init(
        margin: Double = 0.1, minimumSide: Int = 16, format: Format = .png,
        intensityRange: IntensityRange? = nil
    ) throws {
        guard margin >= 0, margin <= 10 else {
            throw SplitError.number(name: "margin", value: margin, expected: "0 to 10")
        }
        guard minimumSide >= 1 else {
            throw SplitError.number(name: "least box side", value: Double(minimumSide), expected: "1 or more")
        }
        self.margin = margin
        self.minimumSide = minimumSide
        self.format = format
        self.intensityRange = intensityRange
    }

    /// Outcome of cropping a box from an image.
    enum Outcome: Equatable {
        /// Crop; `isClipped` if the box itself, not only its margin, extended beyond the image.
        case part(PixelRect, isClipped: Bool)
        case tooSmall
        case outside
    }

    /// Crop of a box in an image of this size; edges are rounded to pixels and clipped to the image.
    func part(of box: AnnotatedBox, width: Int, height: Int) -> Outcome {
        let (left, right) =
            box.isNormalised
            ? (box.left * Double(width), box.right * Double(width)) : (box.left, box.right)
        let (top, bottom) =
            box.isNormalised
            ? (box.top * Double(height), box.bottom * Double(height)) : (box.top, box.bottom)
        let across = Span(left, right, margin: 0, limit: width)
        let down = Span(top, bottom, margin: 0, limit: height)
        guard across.touches, down.touches else { return .outside }
        guard min(across.length, down.length) >= minimumSide else { return .tooSmall }
        let x = Span(left, right, margin: margin, limit: width)
        let y = Span(top, bottom, margin: margin, limit: height)
        return .part(
            PixelRect(left: x.start, top: y.start, width: x.length, height: y.length),
            isClipped: across.isClipped || down.isClipped)
    }

    /// Encodes a crop as a file. Throws `ImageError`.
    func encode(_ image: RGBImage) throws -> Data {
        switch format {
        case .png: try image.pngData()
        case .jpeg: try image.jpegData(quality: 95)
        }
    }
}

/// Extent of a box along one axis, in whole pixels.
private struct Span {
    let start: Int
    let length: Int
    let isClipped: Bool
    let touches: Bool

    /// Creates an extent; the edges are finite and fit integers.
    init(_ low: Double, _ high: Double, margin: Double, limit: Int) {
        let added = margin * (high - low)
        let (first, last) = ((low - added).rounded(), (high + added).rounded())
        start = Int(min(max(first, 0), Double(limit)))
        length = Int(min(max(last, 0), Double(limit))) - start
        isClipped = first < 0 || last > Double(limit)
        touches = low < Double(limit) && high > 0
    }
}
