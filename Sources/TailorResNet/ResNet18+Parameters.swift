import TailorTensors

extension ResNet18 {
    /// Named tensor of the network; names are torchvision's, for example `layer1.0.bn2.running_mean`.
    public typealias Entry = (name: String, stage: Stage, tensor: Tensor)

    var convolutions: [(name: String, stage: Stage, layer: Convolution)] {
        [("conv1", .stem, conv1)]
            + blocks.flatMap { name, stage, block in
                [(name + "conv1", stage, block.conv1), (name + "conv2", stage, block.conv2)]
                    + (block.downsample.map { [(name + "downsample.0", stage, $0.convolution)] } ?? [])
            }
    }

    var norms: [(name: String, stage: Stage, layer: BatchNorm)] {
        [("bn1", .stem, bn1)]
            + blocks.flatMap { name, stage, block in
                [(name + "bn1", stage, block.bn1), (name + "bn2", stage, block.bn2)]
                    + (block.downsample.map { [(name + "downsample.1", stage, $0.norm)] } ?? [])
            }
    }

    private var blocks: [(prefix: String, stage: Stage, block: BasicBlock)] {
        layers.flatMap { stage, blocks in
            blocks.enumerated().map { ("\(stage.rawValue).\($0.offset).", stage, $0.element) }
        }
    }

    /// Trainable parameters in torchvision's order.
    public var parameters: [Entry] { entries.filter { !Self.isBuffer($0.name) } }

    /// Running statistics and batch counts (int64), in torchvision's order.
    public var buffers: [Entry] { entries.filter { Self.isBuffer($0.name) } }

    private static func isBuffer(_ name: String) -> Bool {
        ["running_mean", "running_var", "num_batches_tracked"].contains { name.hasSuffix($0) }
    }

    /// Device of the network.
    public var device: Device { fc.weight.device }

    /// State dict: parameters and buffers under torchvision's names and in its order. Shared, not copied.
    public func stateDictionary() -> [(String, Tensor)] { entries.map { ($0.name, $0.tensor) } }

    private var entries: [Entry] {
        func convolution(_ name: String, _ stage: Stage, _ layer: Convolution) -> [Entry] {
            [(name + ".weight", stage, layer.weight)]
        }
        func norm(_ name: String, _ stage: Stage, _ layer: BatchNorm) -> [Entry] {
            [
                (name + ".weight", stage, layer.weight), (name + ".bias", stage, layer.bias),
                (name + ".running_mean", stage, layer.runningMean),
                (name + ".running_var", stage, layer.runningVariance),
                (name + ".num_batches_tracked", stage, layer.batchesTracked),
            ]
        }
        var found = convolution("conv1", .stem, conv1) + norm("bn1", .stem, bn1)
        for (prefix, stage, block) in blocks {
            found +=
                convolution(prefix + "conv1", stage, block.conv1) + norm(prefix + "bn1", stage, block.bn1)
            found +=
                convolution(prefix + "conv2", stage, block.conv2) + norm(prefix + "bn2", stage, block.bn2)
            if let (shortcut, shortcutNorm) = block.downsample {
                found += convolution(prefix + "downsample.0", stage, shortcut)
                found += norm(prefix + "downsample.1", stage, shortcutNorm)
            }
        }
        return found + [("fc.weight", .head, fc.weight), ("fc.bias", .head, fc.bias)]
    }
}
