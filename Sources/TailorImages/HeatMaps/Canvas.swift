/// An image that is drawn on; what lies outside is left out.
struct Canvas {
    let width: Int
    let height: Int
    private var pixels: [UInt8]

    /// Throws `ImageError.invalidArgument` for a side below 1.
    init(width: Int, height: Int, _ color: SIMD3<Float>) throws {
        let levels = (0..<3).map { UInt8(min(max(color[$0].rounded(), 0), 255)) }
        let image = try RGBImage(
            width: width, height: height, red: levels[0], green: levels[1], blue: levels[2])
        (self.width, self.height, pixels) = (width, height, image.pixels)
    }

    var image: RGBImage { RGBImage(unchecked: pixels, width: width, height: height) }

    mutating func set(_ x: Int, _ y: Int, _ color: SIMD3<Float>) {
        guard x >= 0, x < width, y >= 0, y < height else { return }
        for channel in 0..<3 {
            pixels[3 * (y * width + x) + channel] = UInt8(min(max(color[channel].rounded(), 0), 255))
        }
    }

    /// Lays text over what is there.
    mutating func write(_ text: TextMask, left: Int, top: Int, _ color: SIMD3<Float>) {
        for y in 0..<text.height where top + y >= 0 && top + y < height {
            for x in 0..<text.width where left + x >= 0 && left + x < width {
                let share = Float(text.ink[y * text.width + x]) / 255
                let place = 3 * ((top + y) * width + left + x)
                for channel in 0..<3 {
                    let paper = Float(pixels[place + channel])
                    pixels[place + channel] = UInt8((paper + share * (color[channel] - paper)).rounded())
                }
            }
        }
    }
}
