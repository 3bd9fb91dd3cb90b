import Foundation

extension RGBImage {
    /// Rotates about the centre, keeping the size: torchvision's `rotate` with bilinear
    /// interpolation and fill 0, computed as Pillow does (Geometry.c).
    ///
    /// - Parameter degrees: counter-clockwise, finite. What comes from outside the image is black.
    package func rotated(byDegrees degrees: Double) throws -> RGBImage {
        try checkPixelCount()
        guard degrees.isFinite else {
            throw ImageError.invalidArgument("rotation: expected a finite angle, got \(degrees)")
        }
        var turn = degrees.truncatingRemainder(dividingBy: 360)
        if turn < 0 { turn += 360 }
        // Pillow does these without interpolation.
        switch turn {
        case 0: return self
        case 180: return try upright(from: .rotated180)
        case 90 where width == height: return try upright(from: .rotated270)
        case 270 where width == height: return try upright(from: .rotated90)
        default: return turned(byRadians: -turn * .pi / 180)
        }
    }

    private func turned(byRadians angle: Double) -> RGBImage {
        func rounded(_ value: Double) -> Double { (value * 1e15).rounded(.toNearestOrEven) / 1e15 }
        let (cosine, sine, minusSine) = (rounded(cos(angle)), rounded(sin(angle)), rounded(-sin(angle)))
        let centerX = Double(width) / 2
        let centerY = Double(height) / 2
        let shiftX = cosine * -centerX + sine * -centerY + centerX
        let shiftY = minusSine * -centerX + cosine * -centerY + centerY
        let turned = pixels.withUnsafeBufferPointer { source in
            [UInt8](unsafeUninitializedCapacity: source.count) { output, count in
                var target = 0
                for y in 0..<height {
                    for x in 0..<width {
                        let (outX, outY) = (Double(x) + 0.5, Double(y) + 0.5)
                        let inX = cosine * outX + sine * outY + shiftX
                        let inY = minusSine * outX + cosine * outY + shiftY
                        let color = bilinear(source, x: inX, y: inY)
                        output[target] = color.0
                        output[target + 1] = color.1
                        output[target + 2] = color.2
                        target += 3
                    }
                }
                count = source.count
            }
        }
        return RGBImage(unchecked: turned, width: width, height: height)
    }

    /// Interpolates between the four nearest pixels; repeats the border; black outside. Cuts the fraction
    /// off.
    @inline(__always)
    private func bilinear(
        _ source: UnsafeBufferPointer<UInt8>, x: Double, y: Double
    ) -> (UInt8, UInt8, UInt8) {
        guard x >= 0, x < Double(width), y >= 0, y < Double(height) else { return (0, 0, 0) }
        let (left, top) = ((x - 0.5).rounded(.down), (y - 0.5).rounded(.down))
        let (shareX, shareY) = (x - 0.5 - left, y - 0.5 - top)
        let column = max(0, Int(left)) * 3
        let nextColumn = min(width - 1, Int(left) + 1) * 3
        let row = max(0, Int(top)) * 3 * width
        let nextRow = min(height - 1, Int(top) + 1) * 3 * width
        func channel(_ index: Int) -> UInt8 {
            let upperLeft = Double(source[row + column + index])
            let upperRight = Double(source[row + nextColumn + index])
            let lowerLeft = Double(source[nextRow + column + index])
            let lowerRight = Double(source[nextRow + nextColumn + index])
            let upper = upperLeft + (upperRight - upperLeft) * shareX
            let lower = lowerLeft + (lowerRight - lowerLeft) * shareX
            return UInt8(upper + (lower - upper) * shareY)
        }
        return (channel(0), channel(1), channel(2))
    }
}
