import Foundation
import TailorImages
import TestSupport
import Testing

/// HEIF and AVIF files whose boxes cost more than their pixels.
@Suite(.enabled(if: ImageLibraries.readableFormats.contains(.heif))) struct HEIFCostTests {
    private static func heif(_ boxes: Data) -> Data {
        Made.box("ftyp", Data("avif\0\0\0\0avifmif1".utf8)) + Made.box("meta", Data(count: 4) + boxes)
    }

    private static func message(_ data: Data, limits: ImageDecoder.Limits = .init()) -> String {
        DecodingCost(data, limits: limits).message
    }

    private static func golden() throws -> Data { try Golden.files.data("avif.avif") }

    @Test func boxesAreCounted() throws {
        let many = try (0..<1000).reduce(into: Self.golden()) { data, _ in data += Made.box("free") }
        #expect(Self.message(many) == "x: HEIF too costly to decode: more than 1000 boxes")
        #expect(
            Self.message(try Self.golden(), limits: .init(maximumMetadataBytes: 10)).hasPrefix(
                "x: HEIF too costly to decode: its box of metadata has "))
    }

    @Test func itemsThatShareTheirBytes() {
        let extent = Made.big(0, bytes: 2) + Made.big(1, bytes: 2) + Made.big(0) + Made.big(200)
        let items = Made.big(1, bytes: 2) + extent + Made.big(2, bytes: 2) + extent
        let locations = Data(count: 4) + Data([0x44, 0x00]) + Made.big(2, bytes: 2) + items
        #expect(
            Self.message(Self.heif(Made.box("iloc", locations)))
                == "x: HEIF too costly to decode: its items take 400 bytes, the file has 80")
    }

    /// libheif 1.15 goes round in it until its stack ends, and the process with it.
    @Test func gridsThatAreMadeFromOneAnother() {
        func reference(_ from: Int, to other: Int) -> Data {
            Made.box("dimg", [from, 1, other].reduce(into: Data()) { $0 += Made.big($1, bytes: 2) })
        }
        let circle = reference(2, to: 3) + reference(3, to: 2)
        let chain = (1...9).reduce(into: Data()) { $0 += reference($1, to: $1 + 1) }
        for references in [circle, chain] {
            #expect(
                Self.message(Self.heif(Made.box("iref", Data(count: 4) + references)))
                    == "x: HEIF too costly to decode: its items are made from one another in a circle, "
                    + "or more than 8 deep")
        }
        let crowd = Made.box("dimg", Made.big(2, bytes: 2) + Made.big(5000, bytes: 2))
        #expect(
            Self.message(Self.heif(Made.box("iref", Data(count: 4) + crowd)))
                == "x: HEIF too costly to decode: 5000 references between items; the limit is 4096")
    }

    /// The decoder makes room for what the picture says, not for what its container says.
    @Test func theCodedSizeCounts() throws {
        #expect(
            Self.message(try Self.golden(), limits: .init(maximumPixels: 45 * 34 - 1)).hasPrefix(
                "x: HEIF too costly to decode: coded as "))
        #expect(Self.message(try Self.golden(), limits: .init(maximumPixels: 46 * 34)) == "no error")
        #expect(
            Self.message(try Self.golden(), limits: .init(maximumMemoryBytes: 10_000))
                == "x: HEIF too costly to decode: coded as 1530 pixels, which take 11 bytes each; "
                + "the limit is 10000 bytes (save it as PNG or JPEG)")

        // HEVC's parameter set: names, profile and level, identifier, 4:2:0, width, height.
        func code(_ value: Int) -> String {
            let digits = String(value + 1, radix: 2)
            return String(repeating: "0", count: digits.count - 1) + digits
        }
        let bits =
            "0000" + "000" + "1" + String(repeating: "0", count: 96) + code(0) + code(1)
            + code(65_000) + code(60_000) + "10000000"
        var unit: [UInt8] = [33 << 1, 1]
        for start in stride(from: 0, to: bits.count - 7, by: 8) {
            let byte = bits.dropFirst(start).prefix(8)
            // Three zeros in a row are broken up.
            if unit.suffix(2) == [0, 0] { unit.append(3) }
            unit.append(UInt8(byte, radix: 2) ?? 0)
        }
        let header = Data(count: 22) + Data([1, 33]) + Made.big(1, bytes: 2) + Made.big(unit.count, bytes: 2)
        let properties = Made.box("iprp", Made.box("ipco", Made.box("hvcC", header + Data(unit))))
        #expect(
            Self.message(Self.heif(properties)).hasPrefix(
                "x: HEIF too costly to decode: coded as 3900000000 pixels, which take 11 bytes each"))
    }
}
