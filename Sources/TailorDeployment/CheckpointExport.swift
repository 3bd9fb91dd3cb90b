import Foundation
import TailorCheckpoints
import TailorFineTuning
import TailorResNet
import TailorSupport
import TailorTensors

/// The trained network as torchvision's `resnet18` loads it with `load_state_dict`: parameters and running
/// statistics under torchvision's names, 32-bit floats.
public enum CheckpointExport {
    public enum Format: String, CaseIterable, Sendable {
        /// With class names and preprocessing in its metadata.
        case safetensors
        /// As `torch.save(model.state_dict())` writes it; `torch.load` reads it with `weights_only`.
        case pth
    }

    /// Writes the run's best model. Returns its size in bytes.
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
