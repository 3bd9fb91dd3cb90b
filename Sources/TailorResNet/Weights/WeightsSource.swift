import Foundation

/// Source of the weights that fine-tuning starts from. Written in a recipe as one string: `imagenet`,
/// `bundled`, `none`, or the path of a file.
public enum WeightsSource: Sendable, Hashable, Codable, CustomStringConvertible {
    /// ImageNet-1K weights of torchvision: from PyTorch's cache folder, else downloaded.
    case imagenet
    /// ImageNet-trained weights bundled with this package; they need no network.
    case bundled
    /// Random weights.
    case none
    /// File: `.safetensors`, or `.pth` of `torch.save`; distinguished by content.
    case file(URL)

    /// Parses `imagenet`, `bundled`, `none`, or a path (relative to the current folder). A file with one of
    /// the three names is written `./none`.
    ///
    /// - Throws: ``WeightsError`` for an empty text.
    public init(parsing text: String) throws {
        switch text {
        case "imagenet": self = .imagenet
        case "bundled": self = .bundled
        case "none": self = .none
        case "": throw WeightsError.emptySource
        default: self = .file(URL(fileURLWithPath: text))
        }
    }

    public var description: String {
        switch self {
        case .imagenet: "imagenet"
        case .bundled: "bundled"
        case .none: "none"
        case .file(let url): url.path
        }
    }

    public init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
