import Foundation

/// Orientation of a stored image: EXIF's tag 0x0112 (CIPA DC-008).
public enum Orientation: Int, Codable, CaseIterable, Sendable {
    case upright = 1
    case mirrored = 2
    case rotated180 = 3
    case flipped = 4
    /// Reflected at the main diagonal.
    case transposed = 5
    /// Turned by 90° clockwise to be upright.
    case rotated90 = 6
    /// Reflected at the anti-diagonal.
    case transversed = 7
    /// Turned by 270° clockwise to be upright.
    case rotated270 = 8

    /// True if turning the image upright swaps width and height.
    public var swapsSides: Bool { rawValue >= 5 }

    /// Reads an EXIF block (a TIFF structure) as libjpeg returns it. `upright` if the block is damaged or has
    /// no such tag: that is no reason to refuse the pixels.
    init(exif: UnsafeRawBufferPointer) {
        self = Self.tag(exif).flatMap(Orientation.init(rawValue:)) ?? .upright
    }

    private static func tag(_ exif: UnsafeRawBufferPointer) -> Int? {
        guard exif.count >= 8 else { return nil }
        let isLittleEndian: Bool
        switch (exif[0], exif[1]) {
        case (0x49, 0x49): isLittleEndian = true
        case (0x4D, 0x4D): isLittleEndian = false
        default: return nil
        }
        func integer(at offset: Int, bytes: Int) -> Int? {
            guard offset >= 0, offset <= exif.count - bytes else { return nil }
            var value = 0
            for index in 0..<bytes {
                value = value << 8 | Int(exif[offset + (isLittleEndian ? bytes - 1 - index : index)])
            }
            return value
        }
        guard integer(at: 2, bytes: 2) == 42, let directory = integer(at: 4, bytes: 4),
            let count = integer(at: directory, bytes: 2)
        else { return nil }
        for entry in 0..<count {
            let start = directory + 2 + 12 * entry
            guard let name = integer(at: start, bytes: 2) else { return nil }
            guard name == 0x0112 else { continue }
            // A SHORT, or a LONG as some writers have it.
            switch integer(at: start + 2, bytes: 2) {
            case 3: return integer(at: start + 8, bytes: 2)
            case 4: return integer(at: start + 8, bytes: 4)
            default: return nil
            }
        }
        return nil
    }
}

extension RGBImage {
    /// Turns a stored image upright.
    package func upright(from orientation: Orientation) throws -> RGBImage {
        try checkPixelCount()
        guard orientation != .upright else { return self }
        let outWidth = orientation.swapsSides ? height : width
        let outHeight = orientation.swapsSides ? width : height
        // Byte offset of the source pixel for (0, 0), and the steps for one pixel right and one down.
        let pixel = 3
        let row = 3 * width
        let lastColumn = pixel * (width - 1)
        let lastRow = row * (height - 1)
        let (start, right, down) =
            switch orientation {
            case .upright: (0, pixel, row)
            case .mirrored: (lastColumn, -pixel, row)
            case .rotated180: (lastRow + lastColumn, -pixel, -row)
            case .flipped: (lastRow, pixel, -row)
            case .transposed: (0, row, pixel)
            case .rotated90: (lastRow, -row, pixel)
            case .transversed: (lastRow + lastColumn, -row, -pixel)
            case .rotated270: (lastColumn, row, -pixel)
            }
        let turned = pixels.withUnsafeBufferPointer { source in
            [UInt8](unsafeUninitializedCapacity: source.count) { output, count in
                var target = 0
                for y in 0..<outHeight {
                    var from = start + y * down
                    for _ in 0..<outWidth {
                        output[target] = source[from]
                        output[target + 1] = source[from + 1]
                        output[target + 2] = source[from + 2]
                        target += 3
                        from += right
                    }
                }
                count = source.count
            }
        }
        return RGBImage(unchecked: turned, width: outWidth, height: outHeight)
    }

    /// Mirrors the image: left and right exchanged.
    package func flippedHorizontally() throws -> RGBImage { try upright(from: .mirrored) }

    /// Flips the image: top and bottom exchanged.
    package func flippedVertically() throws -> RGBImage { try upright(from: .flipped) }
}
