/// Shape of a ResNet as its tensors tell it.
///
/// Depths: He et al. (2016), table 1; wide ones Zagoruyko and Komodakis (2016), ResNeXt Xie et al. (2017).
public struct ResNetArchitecture: Sendable, Equatable, CustomStringConvertible {
    /// Blocks of each stage, from the input on.
    public var blocks: [Int]
    /// Whether a block is 1×1, 3×3, 1×1 instead of two 3×3 convolutions.
    public var hasBottlenecks: Bool
    /// Groups of a bottleneck's middle convolution; 1 but in ResNeXt.
    var groups = 1
    /// Output channels of the first block's first convolution.
    var firstWidth: Int?
    /// Shape of the first convolution's weight; nil when it is missing or the stem has several.
    var stem: [Int]?
    var hasDeepStem: Bool
    var hasSqueezeAndExcitation: Bool

    /// - Parameter shapes: shapes of the backbone's tensors under torchvision's names.
    package init(_ shapes: [String: [Int]]) {
        var found: [Int: Set<Int>] = [:]
        hasBottlenecks = false
        hasSqueezeAndExcitation = false
        for name in shapes.keys {
            let parts = name.split(separator: ".")
            guard parts.count >= 3, let stage = WeightSpelling.number(after: "layer", in: String(parts[0])),
                let block = WeightSpelling.number(parts[1])
            else { continue }
            found[stage, default: []].insert(block)
            if parts[2] == "conv3" { hasBottlenecks = true }
            if parts[2] == "se" { hasSqueezeAndExcitation = true }
        }
        blocks = found.keys.sorted().map { found[$0]?.count ?? 0 }
        stem = shapes["conv1.weight"].flatMap { $0.count == 4 ? $0 : nil }
        hasDeepStem = shapes["conv1.0.weight"] != nil
        firstWidth = shapes["layer1.0.conv1.weight"]?.first
        if hasBottlenecks, let width = firstWidth, let middle = shapes["layer1.0.conv2.weight"],
            middle.count == 4, middle[1] > 0
        {
            groups = width / middle[1]
        }
    }

    /// What the network would have to be and what it is, a line each; empty for ResNet18 on RGB pictures.
    package var differences: [(expected: String, got: String)] {
        var all: [(String, String)] = []
        if blocks != [2, 2, 2, 2] || hasBottlenecks || hasSqueezeAndExcitation || groups != 1 {
            all.append(("ResNet18 (basic blocks 2, 2, 2, 2)", description))
        }
        if hasDeepStem {
            all.append(("a stem of one 7×7 convolution", "one of several convolutions (ResNet-D)"))
        } else if let stem {
            if stem[1] != 3 {
                all.append(("3 input channels (RGB)", "\(stem[1])" + (stem[1] == 1 ? " (grey)" : "")))
            }
            if stem[2] != 7 || stem[3] != 7 {
                let small = stem[2] == 3 ? ", as for pictures of 32 pixels (CIFAR)" : ""
                all.append(("a stem of 7×7", "\(stem[2])×\(stem[3])\(small)"))
            }
            if stem[0] != 64 { all.append(("64 channels after the stem", "\(stem[0])")) }
        }
        if !hasBottlenecks, let firstWidth, firstWidth != 64 {
            all.append(("64 channels in the first stage", "\(firstWidth)"))
        }
        return all
    }

    /// Name in the literature, `ResNet50` for instance; nil for a shape without one.
    public var name: String? {
        let depth: String? =
            switch (hasBottlenecks, blocks) {
            case (false, [1, 1, 1, 1]): "10"
            case (false, [2, 2, 2, 2]): "18"
            case (false, [3, 4, 6, 3]): "34"
            case (true, [1, 1, 1, 1]): "14"
            case (true, [2, 2, 2, 2]): "26"
            case (true, [3, 4, 6, 3]): "50"
            case (true, [3, 4, 23, 3]): "101"
            case (true, [3, 8, 36, 3]): "152"
            case (true, [3, 24, 36, 3]): "200"
            default: nil
            }
        guard let depth else { return nil }
        let start = hasSqueezeAndExcitation ? "SE-" : ""
        if groups > 1 { return "\(start)ResNeXt\(depth)" }
        let wide = hasBottlenecks && stem?[0] == 64 && (firstWidth ?? 64) > 64
        return wide ? "\(start)Wide ResNet\(depth)" : "\(start)ResNet\(depth)"
    }

    public var description: String {
        let shown = blocks.prefix(8).map(String.init).joined(separator: ", ")
        let words = "\(hasBottlenecks ? "bottleneck" : "basic") blocks \(shown)"
        let groups = groups > 1 ? ", \(groups) groups" : ""
        return name.map { "\($0) (\(words)\(groups))" } ?? "a ResNet of \(words)\(groups)"
    }
}
