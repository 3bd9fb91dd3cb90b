/// Which numbers of the network become 8 bits wide, and over which ranges.
package struct QuantizationPlan: Sendable {
    /// By activation, see ``ActivationName``.
    package var ranges: [String: ClosedRange<Float>]
    /// Convolutions (torchvision's names) and `fc` that stay in 32-bit floats.
    package var floatLayers: Set<String>
    package var stem: QuantizedStem

    package init(
        ranges: [String: ClosedRange<Float>], stem: QuantizedStem, floatLayers: Set<String> = []
    ) {
        self.ranges = ranges
        self.stem = stem
        self.floatLayers = floatLayers
    }

    func quantizes(_ layer: String) -> Bool { !floatLayers.contains(layer) }
}

/// Activations that can be quantized, by what gives them: a convolution's name stands for what follows its ReLU
/// (or for its own result where none follows), a block's name for what follows the addition.
package enum ActivationName {
    package static let features = "features"

    /// All of a network, from input to output.
    package static func all(_ network: FoldedNetwork) -> [String] {
        [network.stem.name]
            + network.blocks.flatMap { block in
                [block.conv1.name, block.conv2.name] + (block.downsample.map { [$0.name] } ?? []) + [
                    block.name
                ]
            } + [features]
    }
}
