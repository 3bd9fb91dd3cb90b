import Foundation
import TailorImages
import TestSupport
import Testing

/// Orientation from EXIF, else from XMP, as Pillow's `getexif` decides.
@Suite struct MetadataOrientationTests {
    private static let attribute = #"<rdf:Description tiff:Orientation="6"/>"#
    private static let element = "<tiff:Orientation>8</tiff:Orientation>"
    private static let xmpName = "http://ns.adobe.com/xap/1.0/\0"

    /// An EXIF segment with one tag.
    private static func exif(_ tag: UInt8, _ value: UInt8) -> Data {
        Data("Exif\0\0II*\0".utf8) + [8, 0, 0, 0, 1, 0, tag, 1, 3, 0, 1, 0, 0, 0, value, 0, 0, 0, 0, 0, 0, 0]
    }

    /// A JPEG of 24 × 16 with these APP1 segments.
    private static func jpeg(_ segments: [Data]) throws -> Data {
        let plain = try TestImage.noise(width: 24, height: 16).jpegData(quality: 90)
        let markers = segments.reduce(into: Data()) { data, segment in
            let length = segment.count + 2
            data += [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + segment
        }
        return plain.prefix(2) + markers + plain.dropFirst(2)
    }

    private static let cases: [(segments: [Data], expected: Orientation)] = [
        ([Data((xmpName + attribute).utf8)], .rotated90),
        ([Data((xmpName + element).utf8)], .rotated270),
        ([Data((xmpName + attribute).utf8), exif(0x12, 3)], .rotated180),
        ([exif(0x12, 1), Data((xmpName + attribute).utf8)], .upright),
        // EXIF that says nothing of it.
        ([exif(0x00, 3), Data((xmpName + attribute).utf8)], .rotated90),
        ([exif(0x00, 3), exif(0x12, 6)], .rotated90),
        ([Data((xmpName + "tiff:Orientation=\"9\"").utf8)], .upright),
        ([Data((xmpName + "tiff:Orientation").utf8)], .upright),
        ([Data((xmpName + "tiff:Orientation= " + attribute).utf8)], .rotated90),
        ([Data(attribute.utf8)], .upright),
    ]

    @Test(arguments: cases.indices) func ofAJPEG(_ index: Int) throws {
        let (segments, expected) = Self.cases[index]
        let data = try Self.jpeg(segments)
        #expect(try ImageDecoder().probe(data, name: "x.jpg").orientation == expected)
        let image = try ImageDecoder().decode(data, name: "x.jpg")
        #expect((image.width, image.height) == (expected.swapsSides ? (16, 24) : (24, 16)))
    }

    @Test func ofATIFF() throws {
        var tiff = MadeTIFF(width: 6, height: 4, bands: 3) { x, y, band in UInt8(40 * x + 9 * y + band) }
        func orientation() throws -> Orientation {
            try ImageDecoder().probe(tiff.data, name: "x.tif").orientation
        }
        #expect(try orientation() == .upright)
        tiff.xmp = Data(Self.attribute.utf8)
        #expect(try orientation() == .rotated90)
        tiff.orientation = 1
        #expect(try orientation() == .upright)
        tiff.orientation = 8
        #expect(try orientation() == .rotated270)
    }

    @Test func ofAPNG() throws {
        let plain = try TestImage.noise(width: 24, height: 16).pngData()
        let text = Data("iTXtXML:com.adobe.xmp\0\0\0\0\0".utf8) + Data(Self.attribute.utf8)
        let length = UInt32(text.count - 4).bigEndian
        let check = Self.crc32(text).bigEndian
        // Behind the signature and IHDR.
        let chunk = withUnsafeBytes(of: length) { Data($0) } + text + withUnsafeBytes(of: check) { Data($0) }
        let data = plain.prefix(33) + chunk + plain.dropFirst(33)
        #expect(try ImageDecoder().probe(plain, name: "x.png").orientation == .upright)
        #expect(try ImageDecoder().probe(Data(data), name: "x.png").orientation == .rotated90)
    }

    private static func crc32(_ data: Data) -> UInt32 {
        ~data.reduce(~UInt32(0)) { remainder, byte in
            (0..<8).reduce(remainder ^ UInt32(byte)) { value, _ in
                value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1
            }
        }
    }
}
