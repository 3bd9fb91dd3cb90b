import Foundation

/// Whether a graph is of the kind that Tailor writes. A runtime is handed nothing else: its parser was not made
/// for hostile files.
enum GraphCheck {
    static let operators: Set<String> = [
        "Conv", "Pad", "Relu", "MaxPool", "Add", "GlobalAveragePool", "Flatten", "Gemm", "QuantizeLinear",
        "DequantizeLinear", "DynamicQuantizeLinear", "MatMulInteger", "Cast", "Mul",
        // Resizing and normalising in the graph.
        "Shape", "Gather", "Min", "Max", "Div", "Sub", "Abs", "Floor", "Clip", "Range", "ReduceSum", "MatMul",
        "Transpose", "Reshape",
    ]
    static let maximumNodes = 2000

    /// What is wrong, or `nil`.
    static func defect(model: ONNXModelFile, graph: ONNXGraph, description: ModelDescription) -> String? {
        guard model.irVersion == ModelFile.irVersion else {
            return "ONNX IR version \(model.irVersion), expected \(ModelFile.irVersion)"
        }
        guard model.opsetImport.map(\.version) == [ModelFile.opset],
            model.opsetImport.allSatisfy({ $0.domain.isEmpty })
        else { return "operator sets other than ONNX \(ModelFile.opset)" }
        if !model.unknownFields.isEmpty || !graph.unknownFields.isEmpty {
            return "parts that a model file does not have (functions, sparse tensors or the like)"
        }
        guard graph.node.count <= maximumNodes else { return "\(graph.node.count) nodes" }
        var defined: Set<String> = [""]
        for tensor in graph.initializer {
            if let defect = self.defect(of: tensor) { return defect }
            guard defined.insert(tensor.name).inserted else {
                return "two tensors named \(tensor.name.prefix(80))"
            }
        }
        if let defect = inputDefect(graph, description) { return defect }
        defined.formUnion(graph.input.map(\.name))
        for node in graph.node {
            if let defect = self.defect(of: node, defined: defined) { return defect }
            for output in node.output {
                guard defined.insert(output).inserted else { return "two values named \(output.prefix(80))" }
            }
        }
        guard graph.output.map(\.name) == [GraphNames.logits, GraphNames.features],
            graph.output.allSatisfy({ defined.contains($0.name) && $0.unknownFields.isEmpty })
        else { return "outputs: expected \(GraphNames.logits) and \(GraphNames.features)" }
        return nil
    }

    private static func defect(of tensor: ONNXTensor) -> String? {
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
        // Sizes, margins and steps; a billion of them would be a valid graph, too.
        if tensor.dataType == .int64,
            integers(tensor.rawData).contains(where: { !(-16_384...16_384).contains($0) })
        {
            return "\(name): a number out of range"
        }
        return nil
    }

    private static func integers(_ data: Data) -> [Int64] {
        let bytes = [UInt8](data)
        return stride(from: 0, to: bytes.count - 7, by: 8).map { start in
            Int64(bitPattern: (0..<8).reduce(0) { $0 | UInt64(bytes[start + $1]) << (8 * UInt64($1)) })
        }
    }

    private static func inputDefect(_ graph: ONNXGraph, _ description: ModelDescription) -> String? {
        guard let input = graph.input.first, graph.input.count == 1, input.name == GraphNames.input else {
            return "inputs: expected one named \(GraphNames.input)"
        }
        let expected = GraphNames.inputType(description.input, imageSize: description.preprocessing.imageSize)
        guard input.type == expected else { return "\(input.name): not the type that the description says" }
        return nil
    }

    private static func defect(of node: ONNXNode, defined: Set<String>) -> String? {
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
        // Padding by a billion would be a valid graph.
        for attribute in node.attribute {
            guard (attribute.ints + [attribute.i ?? 0]).allSatisfy({ (-64...64).contains($0) }),
                (attribute.f ?? 0).isFinite,
                attribute.floats.allSatisfy(\.isFinite)
            else { return "\(name): \(attribute.name.prefix(40)) out of range" }
        }
        return nil
    }
}

extension ONNXElementType {
    /// Bytes of one element.
    package var byteCount: Int64? {
        switch self {
        case .uint8, .int8, .bool: 1
        case .float16: 2
        case .float, .int32: 4
        case .int64: 8
        default: nil
        }
    }
}
