/// Samples of 16-bit images that become black and white; those between are scaled, those beyond are clipped.
///
/// Cameras and X-ray detectors store 10 to 14 bits in files of 16. Images of 8 bits are not affected.
public struct IntensityRange: Codable, Sendable, Hashable {
    /// Sample that becomes black, 0…65534.
    public let low: Int
    /// Sample that becomes white, above `low`, at most 65535.
    public let high: Int

    /// Creates a range. Throws `ImageError.invalidArgument` for samples that 16 bits do not hold.
    public init(low: Int, high: Int) throws {
        guard low >= 0, low < high, high <= 65535 else {
            throw ImageError.invalidArgument(
                "intensity range: expected 0 ≤ low < high ≤ 65535, got \(low) and \(high)")
        }
        self.low = low
        self.high = high
    }

    private enum CodingKeys: String, CodingKey { case low, high }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        do {
            try self.init(
                low: values.decode(Int.self, forKey: .low), high: values.decode(Int.self, forKey: .high))
        } catch let error as ImageError {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "\(error)"))
        }
    }

    /// Grey level 0…255 of a sample, rounded to nearest.
    func level(_ sample: Int) -> UInt8 {
        let width = high - low
        return UInt8((min(max(sample - low, 0), width) * 255 + width / 2) / width)
    }
}
