import TailorImages

/// Bounds on what a graph may need, by what a ResNet18 of this input size needs: anybody can sign a file.
enum SizeCheck {
    /// Multiplications of a ResNet18 on one image of 224 × 224 pixels (He et al. 2016: 1.8 billion).
    private static let multiplicationsAt224 = 1.8e9
    /// How much more than that a graph may take.
    private static let leeway = 4.0

    /// First reason to refuse the graph, in words; nil if it needs no more than it may.
    static func firstProblem(graph: ONNXGraph, description: ModelDescription) -> String? {
        let size = description.preprocessing.imageSize
        let input: SymbolicShape =
            switch description.input {
            case .external: [1, 3, size, size].map { SymbolicSize($0) }
            case .embedded: [.height, .width, SymbolicSize(3)]
            }
        var inference = ShapeInference(graph, input: input)
        // The largest value of the network is the first convolution's, 64 channels of half the size; constants are in
        // the file, and the largest that a network unpacks are layer4's weights.
        let half = (size + 1) / 2
        let largest = 64 * half * half + 4 * (size + 8) * (size + 8) + (1 << 22)
        // A map a class, where there are any: one cell for 32 × 32 pixels.
        let side = description.maps == nil ? 0 : ModelDescription.Maps.cells(imageSize: size)
        let cells = side * side
        let limits = (
            value: largest + max(512, cells) * description.classes.count,
            // Every activation appears up to five times: raw, summed, rectified, quantized, dequantized.
            all: 40 * 64 * half * half + (1 << 26) + (4096 + cells) * description.classes.count
        )
        var all = 0
        for node in graph.node {
            let shapes: [SymbolicShape]
            do throws(ShapeInference.Problem) {
                shapes = try inference.add(node)
            } catch {
                return "\(node.name.prefix(80)): \(error.reason)"
            }
            for shape in shapes {
                guard let count = shape.elementCount, isBounded(count, size: size, value: limits.value) else {
                    return "\(node.name.prefix(80)): a value of shape \(shape.prefix(8)) is too large"
                }
                if count.isKnown { all += count.factor }
            }
            guard all <= limits.all else { return "its values are too many and too large" }
        }
        let pixels = Double(max(size, 32) * max(size, 32)) / Double(224 * 224)
        let allowed =
            leeway * multiplicationsAt224 * pixels + 1e9
            + (4096 + 512 * Double(cells)) * Double(description.classes.count)
        guard inference.multiplications <= allowed else { return "it takes too long to compute" }
        return outputProblem(inference, description)
    }

    /// Whether a value is no larger than one of a network may be, or one of the picture on its way to it.
    private static func isBounded(_ count: SymbolicSize, size: Int, value: Int) -> Bool {
        switch (count.heights, count.widths) {
        case (0, 0): count.factor <= value
        case (1, 1): count.factor <= 3
        case (1, 0), (0, 1): count.factor <= 3 * size
        default: false
        }
    }

    private static func outputProblem(_ inference: ShapeInference, _ description: ModelDescription) -> String?
    {
        let logits = inference.shapes[GraphNames.logits] ?? []
        guard logits == [.one, SymbolicSize(description.classes.count)] else {
            return
                "\(GraphNames.logits): expected one for each of \(description.classes.count) classes, got \(logits)"
        }
        let features = inference.shapes[GraphNames.features] ?? []
        guard features.count == 2, features[0] == .one, features[1].isKnown else {
            return "\(GraphNames.features): expected one row, got \(features)"
        }
        guard
            description.decision.featureDistance == nil
                || features[1].factor == DecisionRules.featureCount
        else { return "\(GraphNames.features): expected \(DecisionRules.featureCount), got \(features[1])" }
        return description.maps.flatMap { mapProblem(inference, $0, classes: description.classes.count) }
    }

    private static func mapProblem(
        _ inference: ShapeInference, _ maps: ModelDescription.Maps, classes: Int
    ) -> String? {
        let shape = inference.shapes[GraphNames.maps] ?? []
        let expected = [1, classes, maps.rows, maps.columns].map { SymbolicSize($0) }
        return shape == expected ? nil : "\(GraphNames.maps): expected \(expected), got \(shape)"
    }
}
