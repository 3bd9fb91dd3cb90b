import Foundation

@testable import TailorImages

private let decoder = ImageDecoder(
    limits: ImageDecoder.Limits(
        maximumPixels: 1 << 14, maximumSide: 1 << 12, maximumScans: 4, maximumMemoryBytes: 1 << 24),
    intensityRange: try? IntensityRange(low: 100, high: 4000))

/// `bitmaps` is what Tailor reads itself; `images` goes on to libjpeg and libvips.
let imageTargets = [
    FuzzTarget("bitmaps") { data in
        data.withUnsafeBytes { bytes in
            _ = Orientation.number(exif: bytes)
            _ = Orientation(exif: nil, xmp: bytes)
            let directory = TIFFDirectory(bytes)
            for tag in [Orientation.tag, 258, 338] { _ = directory?.values(of: tag) }
        }
        _ = ForeignFormat(head: data)
        switch ImageFormat(sniffing: data) {
        case .bmp, .pnm: try decode(data)
        case nil: try expect(!ImageFormat.describeUnknown(data).isEmpty, "no words for unknown bytes")
        default: break
        }
    },
    FuzzTarget("images", decode),
]

private func decode(_ data: Data) throws {
    let (image, facts) = try decoder.decodeWithFacts(data, name: "image")
    try image.checkPixelCount()
    try expect(
        image.width == facts.uprightWidth && image.height == facts.uprightHeight,
        "\(image.width)×\(image.height) pixels of \(facts.uprightWidth)×\(facts.uprightHeight)")
    try expect(try decoder.probe(data, name: "image").width == facts.width, "another width when probed")
}
