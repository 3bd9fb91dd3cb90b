/// A heat map over its image, as a picture: the image in grey at its own size in the upper left corner, evidence in
/// colour, a line around what reaches half the peak, and below it a caption with a scale.
public struct HeatMapOverlay: Sendable {
    public let image: RGBImage
    /// Peak of the map; `nil` if the network saw nothing.
    public let peak: HeatMap.Peak?
    /// Whether the caption could be written; false where the system has no font.
    public let isCaptioned: Bool

    /// How much of the colour covers the image at the peak.
    private static let opacity: Float = 0.55
    /// Brightness of what the network did not see.
    private static let unseenBrightness: Float = 0.35
    /// Images whose brightest parts are darker than this are brightened.
    private static let darkBelow = 64
    private static let paper: SIMD3<Float> = [24, 24, 27]
    private static let ink: SIMD3<Float> = [244, 244, 245]
    /// Longest caption, in characters.
    private static let captionLength = 120

    /// Draws a map over its image.
    ///
    /// - Parameter caption: lines of text, the first above the scale; `[]` for the picture alone.
    /// - Throws: `ImageError.invalidArgument` if the map is of another size.
    public init(_ map: HeatMap, over image: RGBImage, caption: [String] = []) throws {
        try image.checkPixelCount()
        guard map.width == image.width, map.height == image.height else {
            throw ImageError.invalidArgument(
                "a heat map of \(map.width)×\(map.height) pixels over an image of \(image.width)×\(image.height)"
            )
        }
        self.peak = map.peak
        let peak = max(self.peak?.value ?? 0, 0)
        // As large as can be read beside the image, whatever its size.
        let size = min(max(min(image.width, image.height) / 18, 13), 48)
        let gap = max(size / 3, 4)
        let lines = caption.map { line in
            let text = line.count > Self.captionLength ? line.prefix(Self.captionLength) + "…" : line[...]
            return TextMask(String(text), pixels: size)
        }
        let scale = caption.isEmpty ? nil : Scale(peak: peak, size: size)
        let texts = lines.compactMap { $0 }
        let inner = max(texts.map(\.width).max() ?? 0, scale?.width ?? 0)
        let below = texts.map { $0.height + gap }.reduce(0, +) + (scale?.height ?? 0)
        var canvas = try Canvas(
            width: max(image.width, scale == nil ? 0 : inner + 2 * gap),
            height: image.height + (scale == nil ? 0 : below + 2 * gap), Self.paper)
        Self.draw(map, peak: peak, over: image, on: &canvas)
        var top = image.height + gap
        for text in texts {
            canvas.write(text, left: gap, top: top, Self.ink)
            top += text.height + gap
        }
        scale?.draw(on: &canvas, left: gap, top: top, ink: Self.ink)
        self.image = canvas.image
        isCaptioned = lines.allSatisfy { $0 != nil }
    }

    /// Brightness of the pixel whose samples begin at an index.
    private static func grey(_ image: RGBImage, at index: Int) -> Float {
        0.299 * Float(image.pixels[index]) + 0.587 * Float(image.pixels[index + 1]) + 0.114
            * Float(image.pixels[index + 2])
    }

    /// Factor that makes a dark image visible below its map: 12 bits in 16 use a sixteenth of the range. 1 for others.
    private static func brightening(of image: RGBImage) -> Float {
        var counts = [Int](repeating: 0, count: 256)
        for index in stride(from: 0, to: image.pixels.count, by: 3) {
            counts[Int(grey(image, at: index))] += 1
        }
        var above = image.width * image.height / 1000
        var bright = 255
        while bright > 0, counts[bright] <= above {
            above -= counts[bright]
            bright -= 1
        }
        return bright < darkBelow ? 220 / Float(max(bright, 4)) : 1
    }

    private static func draw(_ map: HeatMap, peak: Float, over image: RGBImage, on canvas: inout Canvas) {
        let width = image.width
        // The line around half the peak needs a row before and after.
        var rows = [HeatMap.Row](repeating: .init(width: width), count: 3)
        map.fill(&rows[1], 0)
        let half = peak / 2
        let gain = brightening(of: image)
        for y in 0..<image.height {
            if y + 1 < image.height { map.fill(&rows[2], y + 1) } else { rows[2] = rows[1] }
            if y == 0 { rows[0] = rows[1] }
            for x in 0..<width {
                let source = 3 * (y * width + x)
                var color = SIMD3<Float>(repeating: min(gain * grey(image, at: source), 255))
                if rows[1].weights[x] <= 0 {
                    color *= unseenBrightness
                } else if peak > 0 {
                    let share = min(max(rows[1].values[x] / peak, 0), 1)
                    color += opacity * share.squareRoot() * share * (HeatMapColors.color(share) - color)
                    if rows[1].values[x] >= half {
                        let across = min(rows[1].values[max(x - 1, 0)], rows[1].values[min(x + 1, width - 1)])
                        if min(across, rows[0].values[x], rows[2].values[x]) < half { color = ink }
                    }
                }
                canvas.set(x, y, color)
            }
            rows.swapAt(0, 1)
            rows.swapAt(1, 2)
        }
    }
}

/// The scale below a picture: from no evidence to the peak.
private struct Scale {
    let bar: (width: Int, height: Int)
    let zero: TextMask?
    let peak: TextMask?
    let gap: Int
    let hasEvidence: Bool

    init(peak value: Float, size: Int) {
        bar = (width: 8 * size, height: max(size / 2, 6))
        gap = max(size / 3, 4)
        hasEvidence = value > 0
        zero = TextMask(hasEvidence ? "0" : "nothing in it speaks for this class", pixels: size * 4 / 5)
        let tenths = Int((min(value, 1e6) * 10).rounded())
        peak = hasEvidence ? TextMask("\(tenths / 10).\(tenths % 10)", pixels: size * 4 / 5) : nil
    }

    var width: Int {
        (hasEvidence ? bar.width + 2 * gap : 0) + (zero?.width ?? 0) + (peak?.width ?? 0)
    }
    var height: Int { max(bar.height, zero?.height ?? 0, peak?.height ?? 0) }

    func draw(on canvas: inout Canvas, left: Int, top: Int, ink: SIMD3<Float>) {
        var x = left
        func middle(_ inner: Int) -> Int { top + (height - inner) / 2 }
        if let zero {
            canvas.write(zero, left: x, top: middle(zero.height), ink)
            x += zero.width + gap
        }
        guard hasEvidence else { return }
        for column in 0..<bar.width {
            let color = HeatMapColors.color(Float(column) / Float(max(bar.width - 1, 1)))
            for row in 0..<bar.height { canvas.set(x + column, middle(bar.height) + row, color) }
        }
        x += bar.width + gap
        if let peak { canvas.write(peak, left: x, top: middle(peak.height), ink) }
    }
}
