import Foundation
import TailorImages
import TailorSupport

extension TestImage {
    /// Photograph-like: coloured blobs of many sizes, unlike those of any other number.
    ///
    /// - Parameters:
    ///   - hue: shifts all colours, 0…1.
    ///   - density: number of blobs.
    public static func texture(
        _ number: Int, width: Int = 160, height: Int = 160, hue: Double = 0, density: Int = 200
    ) throws -> RGBImage {
        var generator = SeededGenerator(seed: 77, streams: UInt64(number))
        let blobs = (0..<density).map { _ in
            (
                x: generator.uniform(0...1), y: generator.uniform(0...1),
                size: 0.008 * exp(generator.uniform(0...2.7)),
                color: (0..<3).map { _ in generator.uniform(-70...70) }
            )
        }
        let base = [120 + 60 * hue, 120, 120 - 60 * hue]
        var values = [Double](repeating: 0, count: 3 * width * height)
        for index in values.indices { values[index] = base[index % 3] }
        for blob in blobs {
            // Beyond three radii nothing is left.
            let (left, right) = (
                Int((blob.x - 3 * blob.size) * Double(width)), Int((blob.x + 3 * blob.size) * Double(width))
            )
            let (top, bottom) = (
                Int((blob.y - 3 * blob.size) * Double(height)), Int((blob.y + 3 * blob.size) * Double(height))
            )
            for y in max(0, top)...max(0, min(height - 1, bottom)) {
                for x in max(0, left)...max(0, min(width - 1, right)) {
                    let (dx, dy) = (Double(x) / Double(width) - blob.x, Double(y) / Double(height) - blob.y)
                    let strength = exp(-(dx * dx + dy * dy) / (blob.size * blob.size))
                    for channel in 0..<3 {
                        values[3 * (y * width + x) + channel] += blob.color[channel] * strength
                    }
                }
            }
        }
        return try RGBImage(
            width: width, height: height, pixels: values.map { UInt8(max(0, min(255, $0.rounded()))) })
    }
}
