import Foundation
import TailorAudit
import TailorImages
import TailorSupport
import TestSupport
import Testing

/// Images known again by signatures alone.
@Suite struct KnownImagesTests {
    private let pictures: [RGBImage]
    private let known: KnownImages

    init() throws {
        pictures = try (0..<26).map { try TestImage.texture($0, width: 96, height: 96) }
        known = KnownImages(try pictures.map { try Self.signature($0.pngData()) })
    }

    private static func signature(_ data: Data) throws -> ImageSignature {
        let (image, facts) = try ImageDecoder().decodeWithFacts(data, name: "image")
        return try ImageMeasurement(data, image: image, facts: facts).signature
    }

    private func matches(_ files: [Data]) throws -> [String] {
        known.matches(of: try files.map(Self.signature), workers: 2)
            .map { $0.map { "\($0.known) \($0.kind)" } ?? "none" }
    }

    @Test func filesPixelsAndVersions() throws {
        let turned = try RGBImage(width: 96, height: 96) { x, y, channel in
            pictures[6].pixels[3 * (x * 96 + 95 - y) + channel]
        }
        #expect(
            try matches([
                pictures[1].pngData(), pictures[2].ppm, pictures[3].jpegData(quality: 95),
                PillowResampling.resize(pictures[4], width: 72, height: 72).pngData(),
                PillowResampling.resize(pictures[5], width: 180, height: 180).jpegData(quality: 90),
                turned.pngData(), TestImage.texture(99, width: 96, height: 96).pngData(),
            ]) == ["1 bytes", "2 pixels", "3 copy", "4 copy", "5 copy", "6 copy", "none"])
    }

    /// Six versions of one picture among 32 images are no structure that all of them share.
    @Test func manyVersionsOfOnePicture() throws {
        let versions = try (0..<6).map { try pictures[7].jpegData(quality: 90 + $0) }
        #expect(try matches(versions) == [String](repeating: "7 copy", count: 6))
    }

    /// Without thumbnails, as runs of earlier versions kept none: by the hashes alone.
    @Test func hashesAlone() throws {
        let signatures = try pictures.map { try Self.signature($0.pngData()) }.map {
            ImageSignature(sha256: $0.sha256, pixelHash: "", thumbnail: Data())
        }
        let files = try [pictures[1].pngData(), pictures[2].ppm, pictures[3].jpegData(quality: 95)]
        let found = KnownImages(signatures).matches(of: try files.map(Self.signature), workers: 2)
        #expect(found == [.init(known: 1, kind: .bytes), nil, nil])
        #expect(KnownImages([]).matches(of: try files.map(Self.signature), workers: 2) == [nil, nil, nil])
    }
}
