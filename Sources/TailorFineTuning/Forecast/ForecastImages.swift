import Foundation
import TailorDatasets
import TailorImages

/// What a forecast has to know of a dataset's images: how many there are and how large, by the headers of some.
public struct ForecastImages: Codable, Sendable, Hashable {
    public var classes: Int
    public var train: Int
    public var validation: Int
    /// Images of an epoch: more than `train` where small classes are drawn repeatedly.
    public var epoch: Int
    /// Mean pixels of a decoded image, and the most of those looked at.
    public var meanPixels: Double
    public var largestPixels: Int
    /// Mean bytes of a file.
    public var meanFileBytes: Double
    /// How many images were looked at, and how many of these could not be read.
    public private(set) var looked = 0
    public private(set) var unreadable = 0

    public init(
        classes: Int, train: Int, validation: Int, epoch: Int? = nil, meanPixels: Double,
        largestPixels: Int? = nil, meanFileBytes: Double = 0
    ) {
        self.classes = classes
        self.train = train
        self.validation = validation
        self.epoch = epoch ?? train
        self.meanPixels = meanPixels
        self.largestPixels = largestPixels ?? Int(meanPixels)
        self.meanFileBytes = meanFileBytes
    }

    /// Most headers that are read.
    static let sampleCount = 64

    /// Looks at a dataset: names, and headers of up to 64 images spread over it, none of them a test image. Those that
    /// cannot be read are taken to be like the others.
    ///
    /// - Parameter share: of the training images that validates where there are no validation images.
    public init(
        of folder: DatasetFolder, validationShare share: Double = 0.2, imbalance: Imbalance = .automatic
    ) {
        let all = folder.train + (folder.validation ?? [])
        let decoder = ImageDecoder()
        var pixels: [Int] = []
        var bytes = 0
        let sample = Self.spread(all)
        for sample in sample {
            guard let data = try? decoder.read(sample.url),
                let facts = try? decoder.probe(data, name: sample.relativePath)
            else { continue }
            pixels.append(facts.width * facts.height)
            bytes += data.count
        }
        let splitOff =
            folder.validation == nil ? Int((Double(folder.train.count) * share).rounded()) : 0
        let train = folder.train.count - splitOff
        let count = Double(max(pixels.count, 1))
        self.init(
            classes: folder.classes.count, train: train,
            validation: folder.validation?.count ?? splitOff, meanPixels: Double(pixels.reduce(0, +)) / count,
            largestPixels: pixels.max() ?? 0, meanFileBytes: Double(bytes) / count)
        looked = sample.count
        unreadable = sample.count - pixels.count
        if imbalance == .oversample {
            let sizes = Dictionary(grouping: folder.train, by: \.label).values.map(\.count)
            let largest = Double(sizes.max() ?? 0) * Double(train) / Double(max(folder.train.count, 1))
            epoch = max(train, Int(largest * Double(sizes.count)))
        }
    }

    /// Evenly spread, the first and the last among them.
    static func spread(_ samples: [Sample]) -> [Sample] {
        guard samples.count > sampleCount else { return samples }
        return (0..<sampleCount).map { samples[$0 * (samples.count - 1) / (sampleCount - 1)] }
    }

    /// Bytes of all images, decoded.
    package var decodedBytes: Int { Int(meanPixels * 3 * Double(train + validation)) }
}
