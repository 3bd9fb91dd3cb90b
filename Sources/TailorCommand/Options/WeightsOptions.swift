import Foundation
import Tailor
import TailorArguments

/// Option that names the pretrained network to begin with.
struct WeightsOptions: ArgumentGroup {
    @Option(
        placeholder: "imagenet|bundled|none|file",
        completion: .words(Self.names).orFile("safetensors", "pth"),
        shown: "imagenet, else bundled", help: "Pretrained weights; a file is .safetensors or .pth.")
    var weights: String?

    private static let names = ["imagenet", "bundled", "none"]

    func validate() throws {
        guard let weights, case .file(let url) = try WeightsSource(parsing: weights),
            !FileManager.default.fileExists(atPath: url.path)
        else { return }
        throw UsageError(
            "--weights \(weights): no such file, and not one of \(Self.names.joined(separator: ", "))")
    }

    func source() throws -> WeightsSource? { try weights.map(WeightsSource.init(parsing:)) }
}
