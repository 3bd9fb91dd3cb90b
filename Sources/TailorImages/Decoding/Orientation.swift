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

    /// Orientation by EXIF's number, else by that of an XMP packet, as Pillow decides; upright without
    /// either, or with one that is not from 1 to 8: that is no reason to refuse the pixels.
    init(exif: Int?, xmp: UnsafeRawBufferPointer?) {
        self = (exif ?? xmp.flatMap(Self.number(xmp:))).flatMap(Orientation.init(rawValue:)) ?? .upright
    }

    /// Number in an EXIF block (a TIFF structure); nil if it is damaged or has no such tag.
    static func number(exif: UnsafeRawBufferPointer) -> Int? {
        TIFFDirectory(exif)?.values(of: tag)?.first
    }

    /// EXIF's and TIFF's tag.
    static let tag = 0x0112

    /// Digit of `tiff:Orientation` in an XMP packet, as an attribute or an element.
    private static func number(xmp: UnsafeRawBufferPointer) -> Int? {
        let packet = Data(xmp)
        var start = packet.startIndex
        while let name = packet.range(of: Data("tiff:Orientation".utf8), in: start..<packet.endIndex) {
            start = name.upperBound
            let rest = packet[start...].prefix(3)
            let value = [Data("=\"".utf8), Data(">".utf8)].first { rest.starts(with: $0) }
                .flatMap { rest.dropFirst($0.count).first }
            if let value, (0x30...0x39).contains(value) { return Int(value) - 0x30 }
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
