import Foundation

/// Pillow's `ImageEnhance` and torchvision's `adjust_…`, level for level. A factor of 1 changes
/// nothing, 0 leaves black, plain grey or no colour; factors are 0 or more.
extension RGBImage {
    /// Multiplies every level by `factor`.
    package func adjustingBrightness(_ factor: Double) throws -> RGBImage {
        let alpha = try Self.factor(factor, "brightness")
        return mapping(Self.blendTable(from: 0, alpha))
    }

    /// Blends the image with its mean grey.
    package func adjustingContrast(_ factor: Double) throws -> RGBImage {
        let alpha = try Self.factor(factor, "contrast")
        try checkPixelCount()
        let sum = pixels.withUnsafeBufferPointer { pixels in
            stride(from: 0, to: pixels.count, by: 3).reduce(0) { sum, start in
                sum + Int(Self.luma(pixels[start], pixels[start + 1], pixels[start + 2]))
            }
        }
        let mean = UInt8(Double(sum) / Double(width * height) + 0.5)
        return mapping(Self.blendTable(from: mean, alpha))
    }

    /// Blends each pixel with its own grey.
    package func adjustingSaturation(_ factor: Double) throws -> RGBImage {
        let alpha = try Self.factor(factor, "saturation")
        try checkPixelCount()
        var result = self
        result.pixels.withUnsafeMutableBufferPointer { pixels in
            for start in stride(from: 0, to: pixels.count, by: 3) {
                let grey = Self.luma(pixels[start], pixels[start + 1], pixels[start + 2])
                pixels[start] = Self.blend(grey, pixels[start], alpha)
                pixels[start + 1] = Self.blend(grey, pixels[start + 1], alpha)
                pixels[start + 2] = Self.blend(grey, pixels[start + 2], alpha)
            }
        }
        return result
    }

    /// Shifts all hues by `turn` of the colour circle, -0.5...0.5, in Pillow's 8-bit HSV.
    package func adjustingHue(_ turn: Double) throws -> RGBImage {
        guard (-0.5...0.5).contains(turn) else {
            throw ImageError.invalidArgument("hue: expected -0.5 to 0.5, got \(turn)")
        }
        try checkPixelCount()
        let shift = UInt8(truncatingIfNeeded: Int32(turn * 255))
        var result = self
        result.pixels.withUnsafeMutableBufferPointer { pixels in
            for start in stride(from: 0, to: pixels.count, by: 3) {
                var color = HSV(red: pixels[start], green: pixels[start + 1], blue: pixels[start + 2])
                color.hue &+= shift
                (pixels[start], pixels[start + 1], pixels[start + 2]) = color.rgb
            }
        }
        return result
    }

    private static func factor(_ value: Double, _ name: String) throws -> Float {
        guard value.isFinite, value >= 0 else {
            throw ImageError.invalidArgument("\(name) factor: expected 0 or more, got \(value)")
        }
        return Float(value)
    }

    /// Pillow's conversion to `L`: ITU-R 601 in 16-bit fixed point.
    @inline(__always)
    private static func luma(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
        UInt8(truncatingIfNeeded: (Int(red) * 19595 + Int(green) * 38470 + Int(blue) * 7471 + 0x8000) >> 16)
    }

    /// Pillow's `Image.blend`, in single precision, its fraction cut off.
    @inline(__always)
    private static func blend(_ from: UInt8, _ to: UInt8, _ alpha: Float) -> UInt8 {
        let value = Float(from) + alpha * Float(Int(to) - Int(from))
        return value <= 0 ? 0 : value >= 255 ? 255 : UInt8(value)
    }

    private static func blendTable(from: UInt8, _ alpha: Float) -> [UInt8] {
        (0...255).map { blend(from, UInt8($0), alpha) }
    }

    private func mapping(_ table: [UInt8]) -> RGBImage {
        let mapped = pixels.withUnsafeBufferPointer { source in
            table.withUnsafeBufferPointer { table in
                [UInt8](unsafeUninitializedCapacity: source.count) { output, count in
                    for index in 0..<source.count { output[index] = table[Int(source[index])] }
                    count = source.count
                }
            }
        }
        return RGBImage(unchecked: mapped, width: width, height: height)
    }
}

/// A colour as Pillow converts it (Convert.c), all three in 0...255.
private struct HSV {
    var hue: UInt8
    let saturation: UInt8
    let value: UInt8

    init(red: UInt8, green: UInt8, blue: UInt8) {
        let largest = max(red, green, blue)
        let smallest = min(red, green, blue)
        value = largest
        guard largest != smallest else {
            hue = 0
            saturation = 0
            return
        }
        let range = Float(largest - smallest)
        let fromRed = Float(largest - red) / range
        let fromGreen = Float(largest - green) / range
        let fromBlue = Float(largest - blue) / range
        // C widens to double where the literals are, and keeps the result in a float.
        let sixth: Float
        if red == largest {
            sixth = fromBlue - fromGreen
        } else if green == largest {
            sixth = Float(2.0 + Double(fromRed) - Double(fromBlue))
        } else {
            sixth = Float(4.0 + Double(fromGreen) - Double(fromRed))
        }
        let turn = Float((Double(sixth) / 6.0 + 1.0).truncatingRemainder(dividingBy: 1.0))
        hue = UInt8(clamping: Int(Double(turn) * 255.0))
        saturation = UInt8(clamping: Int(Double(range / Float(largest)) * 255.0))
    }

    var rgb: (UInt8, UInt8, UInt8) {
        guard saturation != 0 else { return (value, value, value) }
        let position = Double(Float(hue)) * 6.0 / 255.0
        let sector = Int(position.rounded(.down))
        let fraction = Double(Float(position - Double(sector)))
        let share = Double(Float(Double(Float(saturation)) / 255.0))
        func level(_ factor: Double) -> UInt8 {
            UInt8(clamping: Int((Double(value) * factor).rounded(.toNearestOrAwayFromZero)))
        }
        let low = level(1.0 - share)
        let falling = level(1.0 - share * fraction)
        let rising = level(1.0 - share * (1.0 - fraction))
        return switch sector % 6 {
        case 0: (value, rising, low)
        case 1: (falling, value, low)
        case 2: (low, value, rising)
        case 3: (low, falling, value)
        case 4: (rising, low, value)
        default: (value, low, falling)
        }
    }
}
