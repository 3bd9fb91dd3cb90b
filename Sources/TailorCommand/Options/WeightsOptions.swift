import Tailor
import TailorArguments

/// Which pretrained network to begin with.
struct WeightsOptions: ArgumentGroup {
    @Option(
        placeholder: "imagenet|bundled|none|file",
        completion: .words(["imagenet", "bundled", "none"]).orFile("safetensors", "pth"),
        shown: "imagenet, else bundled", help: "Pretrained weights; a file is .safetensors or .pth.")
    var weights: String?

    func source() throws -> WeightsSource? { try weights.map(WeightsSource.init(parsing:)) }
}
