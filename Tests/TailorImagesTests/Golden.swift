import Foundation
import TailorImages
import TestSupport
import Testing

/// The files that Scripts/golden/images.py made.
struct Golden: Decodable, Sendable {
    struct Picture: Decodable, Sendable {
        let file: String
        let width: Int
        let height: Int
    }
    struct Decode: Decodable, Sendable, CustomTestStringConvertible {
        let file: String
        let expected: String
        let width: Int
        let height: Int
        let tolerance: Int
        var testDescription: String { file }
    }
    struct Resize: Decodable, Sendable {
        let expected: String
        let width: Int
        let height: Int
        let box: [Int]
    }
    struct Color: Decodable, Sendable {
        let expected: String
        let operation: String
        let value: Double
    }
    struct Rotate: Decodable, Sendable {
        let expected: String
        let degrees: Double
    }
    struct HueGrid: Decodable, Sendable {
        let expected: String
        let value: Double
        let step: Int
    }
    struct Preprocess: Decodable, Sendable {
        let input: String
        let expected: String
        let size: Int
        let shortSide: Int
        let fit: Preprocessing.Fit
    }

    let decode: [Decode]
    let resize: [Resize]
    let color: [Color]
    let rotate: [Rotate]
    let preprocess: [Preprocess]
    let refuse: [String]
    let source: Picture
    let small: Picture
    let tall: Picture
    let hueGrid: HueGrid

    static let files = GoldenFiles(.module)

    static func load() throws -> Golden { try files.json(from: "manifest.json") }

    static func image(_ file: String, _ width: Int, _ height: Int) throws -> RGBImage {
        try RGBImage(width: width, height: height, pixels: [UInt8](files.data(file)))
    }

    static func image(_ picture: Picture) throws -> RGBImage {
        try image(picture.file, picture.width, picture.height)
    }
}

extension RGBImage {
    /// The largest difference of two levels; nil when the sizes differ.
    func largestDifference(from other: RGBImage) -> Int? {
        guard width == other.width, height == other.height, pixels.count == other.pixels.count else {
            return nil
        }
        return zip(pixels, other.pixels).map { abs(Int($0) - Int($1)) }.max()
    }
}
