import Foundation
import TailorImages
import TailorSupport

/// Images of known content: the same parameters give the same bytes.
public enum TestImage {
    /// Red is the column, green the row.
    public static func coordinates(width: Int, height: Int, blue: UInt8) throws -> RGBImage {
        try RGBImage(width: width, height: height) { [UInt8($0), UInt8($1), blue][$2] }
    }

    /// Unlike that of any other number below 256.
    public static func numbered(_ number: Int, width: Int = 6, height: Int = 4) throws -> RGBImage {
        try RGBImage(width: width, height: height) { x, y, channel in
            let position = 3 * (y * width + x) + channel
            return UInt8(truncatingIfNeeded: position &* 37 &+ number &* 101 &+ number >> 8)
        }
    }

    /// Grey stripes four pixels wide, under noise.
    static func greyStripes(
        vertical: Bool, side: Int, using generator: inout SeededGenerator
    ) throws -> RGBImage {
        let phase = generator.integer(below: 8)
        return try RGBImage(width: side, height: side) { x, y, _ in
            let bright = ((vertical ? x : y) + phase) / 4 % 2 == 0
            return UInt8((bright ? 170 : 60) + generator.integer(below: 30))
        }
    }

    /// Stripes of two colours under noise; width, colours and direction differ from image to image.
    public static func coloredStripes(_ count: Int, seed: UInt64, side: Int = 64) throws -> [RGBImage] {
        try (0..<count).map { index in
            var generator = SeededGenerator(seed: seed, streams: [UInt64(index)])
            let period = 2 + generator.integer(below: 12)
            let colors = (0..<6).map { _ in generator.integer(below: 200) }
            let vertical = generator.integer(below: 2) == 0
            return try RGBImage(width: side, height: side) { x, y, channel in
                let half = (vertical ? x : y) / period % 2
                return UInt8(colors[3 * half + channel] + generator.integer(below: 50))
            }
        }
    }

    /// Noise over a gradient, so that every resampled pixel counts.
    public static func noise(width: Int, height: Int) throws -> RGBImage {
        var generator = SeededGenerator(seed: UInt64(width * 10_000 + height))
        return try RGBImage(width: width, height: height) { x, y, channel in
            let gradient =
                switch channel {
                case 0: x * 90 / width
                case 1: y * 90 / height
                default: (x + y) * 90 / (width + height)
                }
            return UInt8(gradient + generator.integer(below: 160))
        }
    }
}

extension RGBImage {
    /// - Parameter level: asked for in the order of the bytes: row by row, red, green, blue.
    public init(width: Int, height: Int, level: (_ x: Int, _ y: Int, _ channel: Int) -> UInt8) throws {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(3 * width * height)
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<3 { pixels.append(level(x, y, channel)) }
            }
        }
        try self.init(width: width, height: height, pixels: pixels)
    }

    /// A binary PPM file.
    public var ppm: Data { Data("P6\n\(width) \(height)\n255\n".utf8) + pixels }
}
