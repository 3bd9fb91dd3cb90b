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

    /// Number in an EXIF block that may begin with its name, as in JPEG.
    static func number(exifWithName block: UnsafeRawBufferPointer) -> Int? {
        let name = Array("Exif\0\0".utf8)
        return number(
            exif: block.starts(with: name)
                ? UnsafeRawBufferPointer(rebasing: block.dropFirst(name.count)) : block)
    }

    /// EXIF's and TIFF's tag.
    static let tag = 0x0112

    private static let xmpName = Array("tiff:Orientation".utf8)

    /// Digit of `tiff:Orientation` in an XMP packet, as an attribute or an element.
    private static func number(xmp: UnsafeRawBufferPointer) -> Int? {
        var position = 0
        // The longest ending is ="6.
        while position + xmpName.count + 2 <= xmp.count {
            guard xmp[position] == xmpName[0],
                UnsafeRawBufferPointer(rebasing: xmp[position...]).starts(with: xmpName)
            else {
                position += 1
                continue
            }
            position += xmpName.count
            let rest = xmp[position...].prefix(3)
            let value: UInt8? =
                rest.starts(with: [0x3D, 0x22])
                ? rest.dropFirst(2).first
                : rest.first == 0x3E ? rest.dropFirst().first : nil
            if let value, (0x30...0x39).contains(value) { return Int(value) - 0x30 }
        }
        return nil
    }
}

/// Where the pixels of a stored image lie in the upright one.
struct PixelPlacement {
    private let width: Int
    /// Offset in bytes of the first stored pixel, and the steps for one stored pixel to the right and one down.
    private let start: Int
    private let right: Int
    private let down: Int

    /// - Parameter width: of the stored image, in pixels, as `height`.
    init(_ orientation: Orientation, width: Int, height: Int) {
        self.width = width
        let row = 3 * (orientation.swapsSides ? height : width)
        // Of the upright image.
        let lastColumn = row - 3
        let lastRow = row * ((orientation.swapsSides ? width : height) - 1)
        (start, right, down) =
            switch orientation {
            case .upright: (0, 3, row)
            case .mirrored: (lastColumn, -3, row)
            case .rotated180: (lastRow + lastColumn, -3, -row)
            case .flipped: (lastRow, 3, -row)
            case .transposed: (0, row, 3)
            case .rotated90: (lastColumn, row, -3)
            case .transversed: (lastRow + lastColumn, -row, -3)
            case .rotated270: (lastRow, -row, 3)
            }
    }

    /// Places stored rows from `top` on.
    func place(
        _ strip: UnsafeBufferPointer<UInt8>, top: Int, rows: Int,
        into target: UnsafeMutableBufferPointer<UInt8>
    ) {
        guard strip.count >= 3 * width * rows, let from = strip.baseAddress, let to = target.baseAddress
        else {
            return
        }
        // Column by column where columns become rows, so that neighbours are written one after the other.
        let alongRows = abs(right) == 3
        for outer in 0..<(alongRows ? rows : width) {
            for inner in 0..<(alongRows ? width : rows) {
                let (x, y) = alongRows ? (inner, outer) : (outer, inner)
                let source = from + 3 * (y * width + x)
                let place = to + start + x * right + (top + y) * down
                place[0] = source[0]
                place[1] = source[1]
                place[2] = source[2]
            }
        }
    }
}

extension RGBImage {
    /// Turns a stored image upright.
    package func upright(from orientation: Orientation) throws -> RGBImage {
        try checkPixelCount()
        guard orientation != .upright else { return self }
        let placement = PixelPlacement(orientation, width: width, height: height)
        let turned = pixels.withUnsafeBufferPointer { source in
            [UInt8](unsafeUninitializedCapacity: source.count) { output, count in
                let target = UnsafeMutableBufferPointer(rebasing: output[..<source.count])
                for top in stride(from: 0, to: height, by: 64) {
                    let rows = min(64, height - top)
                    let strip = UnsafeBufferPointer(
                        rebasing: source[(3 * width * top)..<(3 * width * (top + rows))])
                    placement.place(strip, top: top, rows: rows, into: target)
                }
                count = source.count
            }
        }
        let swaps = orientation.swapsSides
        return RGBImage(unchecked: turned, width: swaps ? height : width, height: swaps ? width : height)
    }

    /// Mirrors the image: left and right exchanged.
    package func flippedHorizontally() throws -> RGBImage { try upright(from: .mirrored) }

    /// Flips the image: top and bottom exchanged.
    package func flippedVertically() throws -> RGBImage { try upright(from: .flipped) }
}
