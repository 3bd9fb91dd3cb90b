import Foundation

/// Square grey image of floats in row-major order: a thumbnail, or a filtered one.
package struct GreyImage {
    package let side: Int
    package var values: [Float]

    package init(side: Int, values: [Float]) {
        self.side = side
        self.values = values
    }

    /// - Parameter thumbnail: `ImageMeasurement.thumbnailSide`² bytes.
    package init(_ thumbnail: Data) {
        self.init(side: ImageMeasurement.thumbnailSide, values: [UInt8](thumbnail).map(Float.init))
    }

    /// Image in one of the eight orientations, numbered as ``PerceptualHash/variants``: bit 0 mirrors, bit 1
    /// flips, bit 2 transposes first.
    package func variant(_ number: Int) -> GreyImage {
        guard number != 0 else { return self }
        var result = values
        for y in 0..<side {
            for x in 0..<side {
                var (fromX, fromY) = (x, y)
                if number & 1 != 0 { fromX = side - 1 - fromX }
                if number & 2 != 0 { fromY = side - 1 - fromY }
                if number & 4 != 0 { (fromX, fromY) = (fromY, fromX) }
                result[y * side + x] = values[fromY * side + fromX]
            }
        }
        return GreyImage(side: side, values: result)
    }

    /// High-pass filtered image: each value minus the mean of the square of side `2 × radius + 1` around it
    /// (edges repeated).
    package func highPassed(radius: Int) -> GreyImage {
        let rows = blurredRows(radius).transposed.blurredRows(radius).transposed
        return GreyImage(side: side, values: zip(values, rows.values).map { $0 - $1 })
    }

    /// Image normalised to mean 0 and length 1; all zero if it is constant.
    package var normalized: GreyImage {
        let mean = values.reduce(0, +) / Float(max(values.count, 1))
        let centred = values.map { $0 - mean }
        let length = centred.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return GreyImage(
            side: side, values: length > 1e-3 ? centred.map { $0 / length } : centred.map { _ in 0 })
    }

    /// Image resized bilinearly, for small changes of size.
    package func resized(to newSide: Int) -> GreyImage {
        guard newSide != side, newSide > 0 else { return self }
        let scale = Float(side) / Float(newSide)
        let taps = (0..<newSide).map { index -> (low: Int, high: Int, share: Float) in
            let position = max(0, min(Float(side - 1), (Float(index) + 0.5) * scale - 0.5))
            let low = Int(position)
            return (low, min(low + 1, side - 1), position - Float(low))
        }
        var result = [Float](repeating: 0, count: newSide * newSide)
        for (y, row) in taps.enumerated() {
            for (x, column) in taps.enumerated() {
                func across(_ line: Int) -> Float {
                    let left = values[line * side + column.low]
                    return left + column.share * (values[line * side + column.high] - left)
                }
                let top = across(row.low)
                result[y * newSide + x] = top + row.share * (across(row.high) - top)
            }
        }
        return GreyImage(side: newSide, values: result)
    }

    private var transposed: GreyImage { variant(4) }

    private func blurredRows(_ radius: Int) -> GreyImage {
        var result = values
        let weight = 1 / Float(2 * radius + 1)
        for y in 0..<side {
            let start = y * side
            var sum: Float = 0
            for offset in -radius...radius { sum += values[start + min(max(offset, 0), side - 1)] }
            for x in 0..<side {
                result[start + x] = sum * weight
                sum +=
                    values[start + min(x + radius + 1, side - 1)] - values[start + max(x - radius, 0)]
            }
        }
        return GreyImage(side: side, values: result)
    }
}

/// Dot product of two vectors of the same length.
func dot(_ a: [Float], _ b: [Float]) -> Float {
    a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
            let count = min(a.count, b.count)
            var sums = SIMD8<Float>.zero
            var index = 0
            while index + 8 <= count {
                let left = UnsafeRawPointer(a.baseAddress! + index).loadUnaligned(as: SIMD8<Float>.self)
                let right = UnsafeRawPointer(b.baseAddress! + index).loadUnaligned(as: SIMD8<Float>.self)
                sums += left * right
                index += 8
            }
            var sum = sums.sum()
            while index < count {
                sum += a[index] * b[index]
                index += 1
            }
            return sum
        }
    }
}
