import Foundation

/// Names and types of the graph's inputs and outputs.
package enum GraphNames {
    package static let input = "image"
    package static let logits = "logits"
    package static let features = "features"
    package static let maps = "maps"
    package static let pooled = "maxpool"
    package static let batch = "N"

    package static func inputType(_ input: ModelDescription.Input, imageSize: Int) -> ONNXType {
        switch input {
        case .external:
            .tensor(
                .float,
                [.dimParam(batch), .dimValue(3), .dimValue(Int64(imageSize)), .dimValue(Int64(imageSize))])
        case .embedded: .tensor(.uint8, [.dimParam("height"), .dimParam("width"), .dimValue(3)])
        }
    }
}

/// Validation of a graph: only the kind that Tailor writes reaches the runtime, whose parser was not made for
/// hostile files.
enum GraphCheck {
    static let operators: Set<String> = [
        "Conv", "Pad", "Relu", "MaxPool", "Add", "GlobalAveragePool", "Flatten", "Gemm", "QuantizeLinear",
        "DequantizeLinear", "DynamicQuantizeLinear", "MatMulInteger", "Cast", "Mul",
        // Resizing and normalising in the graph.
        "Shape", "Gather", "Min", "Max", "Div", "Sub", "Abs", "Floor", "Clip", "Range", "ReduceSum", "MatMul",
        "Transpose", "Reshape",
    ]
    /// Export writes 69 to 250.
    static let maximumNodes = 500

    /// First reason to refuse the graph, in words; `nil` if it is valid.
    static func firstProblem(
        model: ONNXModelFile, graph: ONNXGraph, description: ModelDescription
    ) -> String? {
        guard model.irVersion == ModelFile.irVersion else {
            return "ONNX IR version \(model.irVersion), expected \(ModelFile.irVersion)"
        }
        guard model.opsetImport.map(\.version) == [ModelFile.opset],
            model.opsetImport.allSatisfy({ $0.domain.isEmpty })
        else { return "operator sets other than ONNX \(ModelFile.opset)" }
        let unknown =
            [model.unknownFields, graph.unknownFields] + model.opsetImport.map(\.unknownFields)
            + model.metadataProps.map(\.unknownFields)
        if !unknown.allSatisfy(\.isEmpty) {
            return "parts that a model file does not have (functions, sparse tensors or the like)"
        }
        guard graph.node.count <= maximumNodes else { return "\(graph.node.count) nodes" }
        var defined: Set<String> = [""]
        for tensor in graph.initializer {
            if let problem = problem(of: tensor) { return problem }
            guard defined.insert(tensor.name).inserted else {
                return "two tensors named \(tensor.name.prefix(80))"
            }
        }
        if let problem = inputProblem(graph, description) { return problem }
        defined.formUnion(graph.input.map(\.name))
        for node in graph.node {
            if let problem = problem(of: node, defined: defined) { return problem }
            for output in node.output {
                guard defined.insert(output).inserted else { return "two values named \(output.prefix(80))" }
            }
        }
        let (outputs, expected) =
            description.maps == nil
            ? ([GraphNames.logits, GraphNames.features], "logits and features")
            : ([GraphNames.logits, GraphNames.features, GraphNames.maps], "logits, features and maps")
        guard graph.output.map(\.name) == outputs,
            graph.output.allSatisfy({ defined.contains($0.name) && isKnown($0) })
        else { return "outputs: expected \(expected)" }
        return SizeCheck.firstProblem(graph: graph, description: description)
    }

    private static func problem(of tensor: ONNXTensor) -> String? {
        let name = tensor.name.prefix(80)
        guard tensor.externalData.isEmpty, tensor.dataLocation == 0 else {
            return "\(name): data outside the file"
        }
        guard tensor.unknownFields.isEmpty else { return "\(name): data in a form that is not read" }
        guard let size = tensor.dataType.byteCount else {
            return "\(name): element type \(tensor.dataType.rawValue)"
        }
        guard tensor.dims.count <= 4 else { return "\(name): \(tensor.dims.count) dimensions" }
        var bytes: Int64 = size
        for dimension in tensor.dims {
            let (product, overflow) = bytes.multipliedReportingOverflow(by: dimension)
            guard dimension >= 0, !overflow else { return "\(name): shape \(tensor.dims)" }
            bytes = product
        }
        guard bytes == tensor.rawData.count else {
            return "\(name): shape \(tensor.dims) takes \(bytes) bytes, got \(tensor.rawData.count)"
        }
        // Integers are sizes, margins and steps; huge ones would exhaust memory.
        if tensor.dataType == .int64,
            tensor.integers.contains(where: { !(-16_384...16_384).contains($0) })
        {
            return "\(name): a number out of range"
        }
        return nil
    }

    private static func inputProblem(_ graph: ONNXGraph, _ description: ModelDescription) -> String? {
        guard let input = graph.input.first, graph.input.count == 1, input.name == GraphNames.input else {
            return "inputs: expected one named \(GraphNames.input)"
        }
        let expected = GraphNames.inputType(description.input, imageSize: description.preprocessing.imageSize)
        guard input.type == expected, input.unknownFields.isEmpty else {
            return "\(input.name): not the type that the description says"
        }
        return nil
    }

    /// Whether a value and its type, down to the dimensions, hold nothing that is not read.
    private static func isKnown(_ value: ONNXValueInfo) -> Bool {
        let shape = value.type?.tensorType?.shape
        let unknown =
            [value.unknownFields, value.type?.unknownFields, value.type?.tensorType?.unknownFields]
            + [shape?.unknownFields] + (shape?.dim ?? []).map(\.unknownFields)
        return unknown.allSatisfy { $0?.isEmpty ?? true }
    }

    private static func problem(of node: ONNXNode, defined: Set<String>) -> String? {
        let name = node.name.prefix(80)
        guard operators.contains(node.opType), node.domain.isEmpty else {
            return "\(name): operator \(node.domain.prefix(40)) \(node.opType.prefix(40))"
        }
        guard node.unknownFields.isEmpty, node.attribute.allSatisfy({ $0.unknownFields.isEmpty })
        else {
            return "\(name): attributes that are not read"
        }
        guard !node.output.isEmpty, node.input.count <= 16, node.output.count <= 4 else {
            return "\(name): its ends"
        }
        if let missing = node.input.first(where: { !defined.contains($0) }) {
            return "\(name): input \(missing.prefix(80)) is not defined before it"
        }
        // Padding by a huge number would exhaust memory.
        for attribute in node.attribute {
            guard (attribute.ints + [attribute.i ?? 0]).allSatisfy({ (-64...64).contains($0) }),
                (attribute.f ?? 0).isFinite,
                attribute.floats.allSatisfy(\.isFinite)
            else { return "\(name): \(attribute.name.prefix(40)) out of range" }
        }
        return nil
    }
}
