import Foundation

/// Published ResNet18 weights with URL, hash, preprocessing, accuracy and licence.
public struct WeightSet: Sendable, Hashable {
    public let name: String
    public let fileName: String
    /// URL of the download; nil for the bundled weights.
    public let url: URL?
    /// SHA-256 of the file, 64 hexadecimal digits.
    public let sha256: String
    /// Mean of the RGB channels for normalising images in 0…1: (image − mean) / standardDeviation.
    public let mean: [Float]
    public let standardDeviation: [Float]
    /// Number of classes of the weights' own head; nil when they have none.
    public let categoryCount: Int?
    /// Accuracy on ImageNet as its authors report it, or why none can be stated.
    public let accuracy: String
    public let licence: String

    package init(
        name: String, fileName: String, url: URL?, sha256: String, mean: [Float], standardDeviation: [Float],
        categoryCount: Int?, accuracy: String, licence: String
    ) {
        self.name = name
        self.fileName = fileName
        self.url = url
        self.sha256 = sha256
        self.mean = mean
        self.standardDeviation = standardDeviation
        self.categoryCount = categoryCount
        self.accuracy = accuracy
        self.licence = licence
    }

    /// torchvision's `ResNet18_Weights.IMAGENET1K_V1`. The file's name carries the first 8 digits of its
    /// hash.
    public static let imagenet = WeightSet(
        name: "imagenet",
        fileName: "resnet18-f37072fd.pth",
        url: URL(string: "https://download.pytorch.org/models/resnet18-f37072fd.pth"),
        sha256: "f37072fd47e89c5e827621c5baffa7500819f7896bbacec160b1a16c560e07ec",
        mean: [0.485, 0.456, 0.406],
        standardDeviation: [0.229, 0.224, 0.225],
        categoryCount: 1000,
        accuracy: "top-1 69.758 %, top-5 89.078 % on ImageNet-1K (short side 256, centre crop 224)",
        licence:
            "torchvision is BSD-3-Clause; the weights derive from ImageNet, whose terms may apply to them")

    /// ImageNet-trained backbone without a head, made from another package's network of 2-2-2-3 blocks:
    /// Documentation/BundledWeights.md says what was changed. Convolutions are stored as float16.
    public static let bundled = WeightSet(
        name: "bundled",
        fileName: "resnet18-imagenet.safetensors",
        url: nil,
        sha256: "2bf2da682bc92608049ee6194e11532d368ecd1e958324517d012cfa58513f13",
        mean: [0.485, 0.456, 0.406],
        standardDeviation: [0.229, 0.224, 0.225],
        categoryCount: nil,
        accuracy: "cannot be stated: no head, and one block of the original is missing",
        licence: "MIT, .NET Foundation and Contributors; trained on ImageNet, whose terms may apply to them")
}

/// Origin of a run's initial weights, as recorded in the run.
public struct WeightsOrigin: Codable, Sendable, Hashable {
    /// Name: `imagenet`, `bundled`, or the file's name.
    public var name: String
    /// SHA-256 of the file.
    public var sha256: String
    /// Path of the file that was read; the URL when the weights were only held in memory.
    public var location: String?
    public var licence: String?
    public var mean: [Float]?
    public var standardDeviation: [Float]?

    public init(
        name: String, sha256: String, location: String? = nil, licence: String? = nil, mean: [Float]? = nil,
        standardDeviation: [Float]? = nil
    ) {
        self.name = name
        self.sha256 = sha256
        self.location = location
        self.licence = licence
        self.mean = mean
        self.standardDeviation = standardDeviation
    }

    init(_ set: WeightSet, location: String) {
        self.init(
            name: set.name, sha256: set.sha256, location: location, licence: set.licence, mean: set.mean,
            standardDeviation: set.standardDeviation)
    }
}
