import Foundation
import TailorImages

/// A small picture and what the model answered when it was exported. Whoever loads the model asks it again.
public struct GoldenVector: Codable, Sendable, Equatable {
    static let maximumSide = 256

    /// Pixels.
    public var width: Int
    public var height: Int
    /// `3 × width × height` bytes: red, green, blue, row by row; base64 in JSON.
    public var pixels: Data
    /// One a class, before temperature and softmax.
    public var logits: [Float]

    public init(image: RGBImage, logits: [Float]) {
        width = image.width
        height = image.height
        pixels = Data(image.pixels)
        self.logits = logits
    }

    public func image() throws -> RGBImage {
        try RGBImage(width: width, height: height, pixels: [UInt8](pixels))
    }

    func defect(classCount: Int) -> String? {
        guard (1...Self.maximumSide).contains(width), (1...Self.maximumSide).contains(height) else {
            return "golden vector of \(width)×\(height) pixels: expected sides of 1 to \(Self.maximumSide)"
        }
        guard pixels.count == 3 * width * height else {
            return "golden vector: expected \(3 * width * height) bytes, got \(pixels.count)"
        }
        guard logits.count == classCount, logits.allSatisfy(\.isFinite) else {
            return "golden vector: expected \(classCount) finite logits, got \(logits.count)"
        }
        return nil
    }
}
