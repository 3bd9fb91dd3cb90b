import Foundation
import TailorTensors
import TailorSupport
public enum WeightsSource: Sendable, Hashable, Codable { case imagenet, bundled, none, file(URL)
  public init(parsing: String) throws { switch parsing { case "bundled": self = .bundled; case "none": self = .none; case "imagenet": self = .imagenet; default: self = .file(URL(fileURLWithPath: parsing)) } } }
public struct WeightsOrigin: Codable, Sendable, Hashable { public var name: String; public var sha256: String }
public struct LoadedWeights { public var tensors: [String: Tensor]; public var origin: WeightsOrigin }
public enum WeightsError: Error { case x }
public enum PretrainedWeights {
  public static var cachedImageNet: URL? { nil }
  public static func load(_ source: WeightsSource?, log: (String) -> Void) throws -> LoadedWeights? {
    if source == WeightsSource.none { return nil }
    let url = Bundle.module.url(forResource: "resnet18-tinyimagenet", withExtension: "safetensors")!
    let t = try Safetensors.read(url).tensors
    var out: [String: Tensor] = [:]
    for (k, v) in t { out[k] = v.dtype.isFloatingPoint ? try v.to(.float32) : v }
    return LoadedWeights(tensors: out, origin: .init(name: "bundled", sha256: try ContentHash.sha256(contentsOf: url)))
  }
}
