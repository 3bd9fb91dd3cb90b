import TailorImages

/// Luminance of an image of any shape, 0…255, row-major.
package struct Luminance: Sendable {
    package let width: Int
    package let height: Int
    package var values: [Float]

    init(width: Int, height: Int, values: [Float]) {
        self.width = width
        self.height = height
        self.values = values
    }

    /// By ITU-R 601, as the thumbnails are.
    package init(_ image: RGBImage) {
        var values = [Float](repeating: 0, count: image.pixels.count / 3)
        image.pixels.withUnsafeBufferPointer { pixels in
            for index in values.indices {
                let red = Float(pixels[3 * index])
                let green = Float(pixels[3 * index + 1])
                let blue = Float(pixels[3 * index + 2])
                values[index] = 0.299 * red + 0.587 * green + 0.114 * blue
            }
        }
        self.init(width: image.width, height: image.height, values: values)
    }

    /// Standard deviation in grey levels.
    var contrast: Float {
        let count = Float(max(values.count, 1))
        let mean = values.reduce(0, +) / count
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    }

    /// In one of the eight orientations, numbered as ``GreyImage/variant(_:)`` does.
    func variant(_ number: Int) -> Luminance {
        guard number != 0 else { return self }
        let isTransposed = number & 4 != 0
        let (newWidth, newHeight) = isTransposed ? (height, width) : (width, height)
        var result = values
        for y in 0..<newHeight {
            for x in 0..<newWidth {
                var (fromX, fromY) = (x, y)
                if number & 1 != 0 { fromX = newWidth - 1 - fromX }
                if number & 2 != 0 { fromY = newHeight - 1 - fromY }
                if isTransposed { (fromX, fromY) = (fromY, fromX) }
                result[y * newWidth + x] = values[fromY * width + fromX]
            }
        }
        return Luminance(width: newWidth, height: newHeight, values: result)
    }

    /// Resized by a triangle filter as wide as the reduction; both sides at least 1.
    func resized(width newWidth: Int, height newHeight: Int) -> Luminance {
        resizedColumns(to: newHeight).variant(4).resizedColumns(to: newWidth).variant(4)
    }

    private func resizedColumns(to newHeight: Int) -> Luminance {
        guard newHeight != height, newHeight > 0 else { return self }
        let scale = Float(height) / Float(newHeight)
        let support = max(scale, 1)
        var result = [Float](repeating: 0, count: width * newHeight)
        for y in 0..<newHeight {
            let center = (Float(y) + 0.5) * scale - 0.5
            let first = min(height - 1, max(0, Int((center - support).rounded(.up))))
            let last = max(first, min(height - 1, Int((center + support).rounded(.down))))
            let weights = (first...last).map { max(1e-6, 1 - abs(Float($0) - center) / support) }
            let sum = weights.reduce(0, +)
            result.withUnsafeMutableBufferPointer { result in
                values.withUnsafeBufferPointer { values in
                    // A row at a time.
                    let row = UnsafeMutableBufferPointer(rebasing: result[y * width..<(y + 1) * width])
                    for (offset, weight) in weights.enumerated() {
                        let start = (first + offset) * width
                        let share = weight / sum
                        for x in 0..<width { row[x] += share * values[start + x] }
                    }
                }
            }
        }
        return Luminance(width: width, height: newHeight, values: result)
    }
}
