import Foundation
import TailorImages
import TailorSupport

/// Images of golden vectors. Synthetic: a model file must not contain images of the data set.
enum GoldenImages {
    /// All images, of several shapes, smooth and rough, so that errors in resizing, channel order and
    /// orientation show.
    static func all() throws -> [RGBImage] {
        [
            try image(width: 64, height: 48) { x, y in (4 * x, 5 * y, 255 - 2 * (x + y)) },
            try image(width: 40, height: 56) { x, y in
                (x / 8 + y / 8).isMultiple(of: 2) ? (230, 200 - 2 * y, 40 + 4 * x) : (20 + 3 * y, 60, 90)
            },
            try noise(width: 48, height: 48),
        ]
    }

    private static func image(
        width: Int, height: Int, _ color: (_ x: Int, _ y: Int) -> (Int, Int, Int)
    ) throws -> RGBImage {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                let (red, green, blue) = color(x, y)
                pixels += [red, green, blue].map { UInt8(max(0, min(255, $0))) }
            }
        }
        return try RGBImage(width: width, height: height, pixels: pixels)
    }

    private static func noise(width: Int, height: Int) throws -> RGBImage {
        var generator = SeededGenerator(seed: 1)
        return try image(width: width, height: height) { _, _ in
            let bits = generator.next()
            return (Int(bits & 255), Int(bits >> 8 & 255), Int(bits >> 16 & 255))
        }
    }
}
