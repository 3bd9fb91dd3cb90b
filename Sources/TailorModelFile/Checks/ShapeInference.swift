import Foundation

/// Shapes of all values of a graph, found without computing any: what a file would need is known before a runtime
/// sees it.
///
/// The rules are those of ONNX's operators (version 17) for the uses that export makes of them; other uses are
/// refused. A batch of one image is assumed.
struct ShapeInference {
    private(set) var shapes: [String: SymbolicShape] = [:]
    /// Whole numbers in constants: margins, axes, shapes.
    private var integers: [String: [Int64]] = [:]
    /// Sides of the picture, where a value is one.
    private var sides: [String: SymbolicSize] = [:]
    /// Names of the values that hold the picture's shape.
    private var pictureShapes: Set<String> = []
    /// Multiplications so far, where they do not depend on the picture.
    private(set) var multiplications = 0.0

    /// Why a node is refused, in words.
    struct Problem: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    /// - Parameter input: shape of the graph's input.
    init(_ graph: ONNXGraph, input: SymbolicShape) {
        for tensor in graph.initializer {
            shapes[tensor.name] = tensor.dims.map { SymbolicSize(Int($0)) }
            if tensor.dataType == .int64 { integers[tensor.name] = tensor.integers }
        }
        shapes[GraphNames.input] = input
    }

    /// Finds the shapes of a node's results, and gives them.
    mutating func add(_ node: ONNXNode) throws(Problem) -> [SymbolicShape] {
        let results = try results(of: node)
        guard results.count >= node.output.count else {
            throw Problem("\(node.output.count) results of \(node.opType)")
        }
        for (name, shape) in zip(node.output, results) { shapes[name] = shape }
        return results
    }

    private func shape(_ node: ONNXNode, _ index: Int) throws(Problem) -> SymbolicShape {
        guard index < node.input.count, let shape = shapes[node.input[index]] else {
            throw Problem("input \(index) is missing")
        }
        return shape
    }

    private func numbers(_ node: ONNXNode, _ index: Int) throws(Problem) -> [Int] {
        guard index < node.input.count, let numbers = integers[node.input[index]] else {
            throw Problem("input \(index) is no constant of whole numbers")
        }
        return numbers.map { Int($0) }
    }

    private mutating func results(of node: ONNXNode) throws(Problem) -> [SymbolicShape] {
        switch node.opType {
        case "Relu", "Abs", "Floor", "Cast", "Clip", "QuantizeLinear", "DequantizeLinear":
            return [try shape(node, 0)]
        case "DynamicQuantizeLinear": return [try shape(node, 0), [], []]
        case "Add", "Mul", "Sub", "Div", "Min", "Max": return [try elementwise(node)]
        case "Conv": return [try convolution(node)]
        case "MaxPool":
            let kernel = node.integers("kernel_shape") ?? []
            guard kernel.count == 2 else { throw Problem("a kernel of \(kernel.count) dimensions") }
            return [try slid(node, channels: try shape(node, 0).dropFirst().first, kernel: kernel)]
        case "Pad": return [try padded(node)]
        case "GlobalAveragePool":
            let input = try shape(node, 0)
            guard input.count == 4 else { throw Problem("an input of \(input.count) dimensions") }
            return [[input[0], input[1], .one, .one]]
        case "Flatten": return [try flattened(node)]
        case "Gemm": return [try gemm(node)]
        case "MatMul", "MatMulInteger": return [try product(try shape(node, 0), try shape(node, 1))]
        case "Shape": return [try pictureShape(node)]
        case "Gather": return [try side(node)]
        case "Range": return [try range(node)]
        case "ReduceSum": return [try reduced(node)]
        case "Transpose": return [try transposed(node)]
        case "Reshape": return [try reshaped(node)]
        default: throw Problem("operator \(node.opType.prefix(40))")
        }
    }

    private func elementwise(_ node: ONNXNode) throws(Problem) -> SymbolicShape {
        guard (1...2).contains(node.input.count) else { throw Problem("\(node.input.count) inputs") }
        var result = try shape(node, 0)
        for index in node.input.indices.dropFirst() {
            let other = try shape(node, index)
            guard let joined = result.broadcast(with: other) else {
                throw Problem("shapes \(result) and \(other) do not fit")
            }
            result = joined
        }
        return result
    }
}

// MARK: network

extension ShapeInference {
    private mutating func convolution(_ node: ONNXNode) throws(Problem) -> SymbolicShape {
        let (input, weight) = (try shape(node, 0), try shape(node, 1))
        guard weight.count == 4, weight.allSatisfy(\.isKnown), input.count == 4, input[1] == weight[1] else {
            throw Problem("weights \(weight) for an input \(input)")
        }
        let result = try slid(node, channels: weight[0], kernel: weight[2...].map(\.factor))
        try count([weight.elementCount, result[2], result[3]])
        return result
    }

    /// Shape of what a kernel gives that slides over an image.
    private func slid(
        _ node: ONNXNode, channels: SymbolicSize?, kernel: [Int]
    ) throws(Problem) -> SymbolicShape {
        let input = try shape(node, 0)
        let known = ["kernel_shape", "strides", "pads", "dilations", "group"]
        let (strides, pads) = (node.integers("strides") ?? [1, 1], node.integers("pads") ?? [0, 0, 0, 0])
        guard input.count == 4, let channels, node.attribute.allSatisfy({ known.contains($0.name) }),
            (node.integers("kernel_shape") ?? kernel) == kernel, kernel.count == 2,
            kernel.allSatisfy({ $0 > 0 }), strides.count == 2, strides.allSatisfy({ $0 > 0 }),
            pads.count == 4, pads.allSatisfy({ $0 >= 0 }),
            (node.integers("dilations") ?? [1, 1]) == [1, 1], (node.integer("group") ?? 1) == 1
        else { throw Problem("a kernel that export does not use") }
        var result = [input[0], channels]
        for axis in 0..<2 {
            let size = input[2 + axis]
            let span = size.factor + pads[axis] + pads[2 + axis] - kernel[axis]
            guard size.isKnown, span >= 0 else {
                throw Problem("a kernel of \(kernel[axis]) on \(size) pixels")
            }
            result.append(SymbolicSize(span / strides[axis] + 1))
        }
        return result
    }

    private func padded(_ node: ONNXNode) throws(Problem) -> SymbolicShape {
        let (input, pads) = (try shape(node, 0), try numbers(node, 1))
        guard pads.count == 2 * input.count, pads.allSatisfy({ (0...64).contains($0) }),
            input.allSatisfy(\.isKnown)
        else { throw Problem("margins \(pads.prefix(8))") }
        return input.indices.map {
            SymbolicSize(input[$0].factor + pads[$0] + pads[$0 + input.count])
        }
    }

    private func flattened(_ node: ONNXNode) throws(Problem) -> SymbolicShape {
        let (input, axis) = (try shape(node, 0), node.integer("axis") ?? 1)
        guard (0...input.count).contains(axis), let before = SymbolicShape(input[..<axis]).elementCount,
            let after = SymbolicShape(input[axis...]).elementCount
        else { throw Problem("axis \(axis)") }
        return [before, after]
    }

    private mutating func gemm(_ node: ONNXNode) throws(Problem) -> SymbolicShape {
        let (input, weight) = (try shape(node, 0), try shape(node, 1))
        guard input.count == 2, weight.count == 2, (node.integer("transA") ?? 0) == 0 else {
            throw Problem("matrices \(input) and \(weight)")
        }
        let isTransposed = (node.integer("transB") ?? 0) != 0
        let result = try product(input, isTransposed ? weight.reversed() : weight)
        if node.input.count > 2 {
            let bias = try shape(node, 2)
            guard bias.broadcast(with: result) == result else {
                throw Problem("a bias \(bias) for \(result)")
            }
        }
        return result
    }

    private mutating func product(
        _ first: SymbolicShape, _ second: SymbolicShape
    ) throws(Problem) -> SymbolicShape {
        guard first.count >= 2, second.count >= 2, first[first.count - 1] == second[second.count - 2],
            let batch = SymbolicShape(first.dropLast(2)).broadcast(with: SymbolicShape(second.dropLast(2)))
        else { throw Problem("matrices \(first) and \(second)") }
        let result = batch + [first[first.count - 2], second[second.count - 1]]
        try count([result.elementCount, first[first.count - 1]])
        return result
    }

    /// Adds the product of these sizes to the multiplications.
    private mutating func count(_ sizes: [SymbolicSize?]) throws(Problem) {
        guard sizes.allSatisfy({ $0 != nil }) else { throw Problem("a size beyond 64 bits") }
        let known = sizes.compactMap { $0 }
        if known.allSatisfy(\.isKnown) { multiplications += known.reduce(1) { $0 * Double($1.factor) } }
    }
}

// MARK: preprocessing

extension ShapeInference {
    private mutating func pictureShape(_ node: ONNXNode) throws(Problem) -> SymbolicShape {
        guard node.input.first == GraphNames.input, node.attribute.isEmpty else {
            throw Problem("the shape of something else than the picture")
        }
        pictureShapes.formUnion(node.output)
        return [SymbolicSize(try shape(node, 0).count)]
    }

    private mutating func side(_ node: ONNXNode) throws(Problem) -> SymbolicShape {
        let index = try numbers(node, 1)
        let picture = shapes[GraphNames.input] ?? []
        guard let source = node.input.first, pictureShapes.contains(source), try shape(node, 1).isEmpty,
            index.count == 1, picture.indices.contains(index[0]), node.attribute.isEmpty
        else { throw Problem("something else than a side of the picture") }
        for name in node.output { sides[name] = picture[index[0]] }
        return []
    }

    private func range(_ node: ONNXNode) throws(Problem) -> SymbolicShape {
        guard node.input.count == 3, let side = sides[node.input[1]], try numbers(node, 0) == [0],
            try numbers(node, 2) == [1]
        else { throw Problem("something else than 0, 1, 2… up to a side of the picture") }
        return [side]
    }

    private func reduced(_ node: ONNXNode) throws(Problem) -> SymbolicShape {
        var shape = try shape(node, 0)
        let axes = try numbers(node, 1)
        guard axes.count == 1, shape.indices.contains(axes[0]), node.integer("keepdims") == 1 else {
            throw Problem("axes \(axes.prefix(8))")
        }
        shape[axes[0]] = .one
        return shape
    }

    private func transposed(_ node: ONNXNode) throws(Problem) -> SymbolicShape {
        let (shape, order) = (try shape(node, 0), node.integers("perm") ?? [])
        guard order.sorted() == Array(shape.indices) else { throw Problem("order \(order.prefix(8))") }
        return order.map { shape[$0] }
    }

    private func reshaped(_ node: ONNXNode) throws(Problem) -> SymbolicShape {
        let (shape, sizes) = (try shape(node, 0), try numbers(node, 1))
        let result = sizes.map { SymbolicSize($0) }
        guard sizes.allSatisfy({ $0 > 0 }), let count = result.elementCount, shape.elementCount == count
        else { throw Problem("from \(shape) to \(sizes.prefix(8))") }
        return result
    }
}

extension ONNXNode {
    fileprivate func integers(_ name: String) -> [Int]? {
        attribute.first { $0.name == name }.map { $0.ints.map { Int($0) } }
    }

    fileprivate func integer(_ name: String) -> Int? {
        attribute.first { $0.name == name }.flatMap { $0.i.map { Int($0) } }
    }
}

extension ONNXTensor {
    /// Elements of a tensor of 64-bit integers.
    var integers: [Int64] {
        rawData.withUnsafeBytes { bytes in
            (0..<bytes.count / 8).map {
                Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self))
            }
        }
    }
}
