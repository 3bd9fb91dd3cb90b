import Foundation
import TailorCheckpoints
import TailorFineTuning
import TailorResNet
import TailorSupport
import TailorTensors

/// Export of the trained network for torchvision's `resnet18`: the state dictionary under torchvision's
/// names, in 32-bit floats.
public enum CheckpointExport {
    /// File format.
    public enum Format: String, CaseIterable, Sendable {
        /// safetensors, with class names and preprocessing in the metadata.
        case safetensors
        /// PyTorch's format, as `torch.save(model.state_dict())` writes it; `torch.load` reads it with
        /// `weights_only`.
        case pth
    }

    /// Writes the run's best weights. Returns the size in bytes.
    public static func write(_ trained: TrainedModel, as format: Format, to url: URL) throws -> Int {
        let data =
            switch format {
            case .safetensors: try Data(contentsOf: trained.folder.bestWeights)
            case .pth:
                try TorchCheckpoint.encode(
                    trained.runner.model.stateDictionary(),
                    folder: url.deletingPathExtension().lastPathComponent)
            }
        try AtomicFile.write(data, to: url)
        return data.count
    }
}
