/// Pillow's antialiased bilinear resampling (`Image.resize` with `BILINEAR`; Resample.c), which is what
/// torchvision applies to PIL images: a triangle filter as wide as the reduction, in fixed point of 22
/// bits, one direction after the other, rounded to 8 bits in between.
///
/// Equal to Pillow 13 bit for bit. Older versions always resample horizontally first and so differ by
/// one level here and there where the height shrinks by more than twice what the width does.
package enum PillowResampling {
    /// Longest side of a result, of which only a window is computed.
    static let longestSide = 1 << 40
    /// Most pixels of a window.
    static let largestWindow = 1 << 30

    /// Resizes to `width` × `height` pixels and computes only `window` of the result (default: all).
    ///
    /// - Parameters:
    ///   - crop: the part of `image` that is resized, as if it had been cut out first; default: all.
    ///   - window: the part of the result that is wanted, in its pixels.
    /// - Throws: `ImageError.invalidArgument` when a rectangle lies outside or a side is below 1.
    package static func resize(
        _ image: RGBImage, crop: PixelRect? = nil, width: Int, height: Int, window: PixelRect? = nil
    ) throws -> RGBImage {
        try image.checkPixelCount()
        let crop = crop ?? PixelRect(left: 0, top: 0, width: image.width, height: image.height)
        guard crop.fits(width: image.width, height: image.height) else {
            throw ImageError.invalidArgument(
                "crop \(crop) of an image of \(image.width)×\(image.height) pixels")
        }
        guard (1...longestSide).contains(width), (1...longestSide).contains(height) else {
            throw ImageError.invalidArgument("a size of \(width)×\(height) pixels")
        }
        let window = window ?? PixelRect(left: 0, top: 0, width: width, height: height)
        guard window.fits(width: width, height: height),
            let bytes = RGBImage.byteCount(width: window.width, height: window.height),
            bytes <= 3 * largestWindow
        else {
            throw ImageError.invalidArgument("window \(window) of a size of \(width)×\(height) pixels")
        }

        let columns = Axis(from: crop.width, to: width, window: window.left..<window.left + window.width)
        let rows = Axis(from: crop.height, to: height, window: window.top..<window.top + window.height)
        let verticalFirst =
            height < crop.height && crop.height - height > 2 * (crop.width - width)
        let pixels = image.pixels.withUnsafeBufferPointer { source in
            [UInt8](unsafeUninitializedCapacity: bytes) { output, count in
                defer { count = bytes }
                // Rows and columns that the window depends on.
                let neededRows = rows.inputRange
                let neededColumns = columns.inputRange
                guard let result = output.baseAddress,
                    let input = source.baseAddress.map({ $0 + 3 * (crop.top * image.width + crop.left) })
                else { return }
                if verticalFirst {
                    let between = 3 * neededColumns.count
                    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: between * window.height) {
                        buffer in
                        guard let reduced = buffer.baseAddress else { return }
                        rows.combineRows(
                            input + 3 * neededColumns.lowerBound, firstRow: 0, stride: 3 * image.width,
                            rowBytes: between, into: reduced)
                        for y in 0..<window.height {
                            columns.resampleRow(
                                reduced + y * between, firstPixel: neededColumns.lowerBound,
                                into: result + 3 * y * window.width)
                        }
                    }
                } else {
                    let between = 3 * window.width
                    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: between * neededRows.count) {
                        buffer in
                        guard let reduced = buffer.baseAddress else { return }
                        for y in neededRows {
                            columns.resampleRow(
                                input + 3 * y * image.width, firstPixel: 0,
                                into: reduced + (y - neededRows.lowerBound) * between)
                        }
                        rows.combineRows(
                            reduced, firstRow: neededRows.lowerBound, stride: between, rowBytes: between,
                            into: result)
                    }
                }
            }
        }
        return RGBImage(unchecked: pixels, width: window.width, height: window.height)
    }
}

/// Filter weights along one side: for each wanted output, the inputs and their weights.
private struct Axis {
    private static let precision: Int32 = 32 - 8 - 2

    /// First input of each output.
    private var starts: [Int32] = []
    /// Number of inputs of each output.
    private var counts: [Int32] = []
    /// Weights, `taps` an output; they sum up to about 2^precision.
    private var weights: [Int32]
    private let taps: Int

    /// Pillow's `precompute_coeffs` and `normalize_coeffs_8bpc`, for part of the outputs. The order of
    /// the floating-point operations is Pillow's, so that the weights are.
    init(from inputSize: Int, to outputSize: Int, window: Range<Int>) {
        let scale = Double(inputSize) / Double(outputSize)
        let filterScale = max(scale, 1)
        let support = filterScale  // the triangle's own is 1
        taps = Int(support.rounded(.up)) * 2 + 1
        weights = [Int32](repeating: 0, count: taps * window.count)
        starts.reserveCapacity(window.count)
        counts.reserveCapacity(window.count)
        let inverse = 1 / filterScale
        var exact = [Double](repeating: 0, count: taps)
        for (index, output) in window.enumerated() {
            let center = (Double(output) + 0.5) * scale
            let first = max(0, Int(center - support + 0.5))
            let count = min(inputSize, Int(center + support + 0.5)) - first
            var sum = 0.0
            for tap in 0..<count {
                let distance = abs((Double(tap + first) - center + 0.5) * inverse)
                exact[tap] = distance < 1 ? 1 - distance : 0
                sum += exact[tap]
            }
            for tap in 0..<count {
                let weight = sum == 0 ? exact[tap] : exact[tap] / sum
                weights[index * taps + tap] = Int32(0.5 + weight * Double(1 << Self.precision))
            }
            starts.append(Int32(first))
            counts.append(Int32(count))
        }
    }

    /// Range of the inputs that outputs read; their starts and ends ascend.
    var inputRange: Range<Int> {
        guard let first = starts.first, let last = starts.last, let count = counts.last else { return 0..<0 }
        return Int(first)..<Int(last + count)
    }

    /// Resamples one row, whose first pixel is input `firstPixel`, to `starts.count` pixels.
    func resampleRow(
        _ input: UnsafePointer<UInt8>, firstPixel: Int, into output: UnsafeMutablePointer<UInt8>
    ) {
        let half = Int32(1) << (Self.precision - 1)
        let taps = self.taps
        starts.withUnsafeBufferPointer { starts in
            counts.withUnsafeBufferPointer { counts in
                weights.withUnsafeBufferPointer { weights in
                    guard var weight = weights.baseAddress else { return }
                    var target = output
                    for index in 0..<starts.count {
                        var pixel = input + 3 * (Int(starts[index]) - firstPixel)
                        var (red, green, blue) = (half, half, half)
                        for tap in 0..<Int(counts[index]) {
                            let share = weight[tap]
                            red &+= share &* Int32(pixel[0])
                            green &+= share &* Int32(pixel[1])
                            blue &+= share &* Int32(pixel[2])
                            pixel += 3
                        }
                        target[0] = Self.byte(red)
                        target[1] = Self.byte(green)
                        target[2] = Self.byte(blue)
                        target += 3
                        weight += taps
                    }
                }
            }
        }
    }

    /// Resamples rows of `rowBytes` bytes, `stride` apart, the first being input `firstRow`, to
    /// `starts.count` rows.
    func combineRows(
        _ input: UnsafePointer<UInt8>, firstRow: Int, stride: Int, rowBytes: Int,
        into output: UnsafeMutablePointer<UInt8>
    ) {
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: rowBytes) { sums in
            guard let sum = sums.baseAddress else { return }
            for index in 0..<starts.count {
                sum.initialize(repeating: Int32(1) << (Self.precision - 1), count: rowBytes)
                var row = input + (Int(starts[index]) - firstRow) * stride
                for tap in 0..<Int(counts[index]) {
                    let share = weights[index * taps + tap]
                    for byte in 0..<rowBytes { sum[byte] &+= share &* Int32(row[byte]) }
                    row += stride
                }
                let target = output + index * rowBytes
                for byte in 0..<rowBytes { target[byte] = Self.byte(sum[byte]) }
            }
        }
    }

    /// Converts a sum to 8 bits. No weight is negative, so only the upper end needs clipping.
    @inline(__always)
    private static func byte(_ sum: Int32) -> UInt8 {
        UInt8(truncatingIfNeeded: min(sum &>> precision, 255))
    }
}
