import Foundation
import TailorModelFile

/// ONNX nodes one after the other. Each method returns the name of what the node gives.
struct GraphBuilder {
    private(set) var graph = ONNXGraph()

    init(name: String) { graph.name = name }

    mutating func input(_ name: String, _ type: ONNXType) {
        graph.input.append(Self.value(name, type))
    }

    mutating func output(_ name: String, _ type: ONNXType) {
        graph.output.append(Self.value(name, type))
    }

    enum Attribute {
        case int(Int)
        case ints([Int])
        case float(Float)
    }

    /// - Parameter output: name of the result and of the node.
    @discardableResult
    mutating func node(
        _ type: String, _ inputs: [String], to output: String, _ attributes: [(String, Attribute)] = []
    ) -> String {
        nodes(type, inputs, to: [output], attributes)
        return output
    }

    mutating func nodes(
        _ type: String, _ inputs: [String], to outputs: [String], _ attributes: [(String, Attribute)] = []
    ) {
        var node = ONNXNode()
        node.opType = type
        node.name = outputs[0]
        node.input = inputs
        node.output = outputs
        node.attribute = attributes.map { name, value in
            var attribute = ONNXAttribute()
            attribute.name = name
            switch value {
            case .int(let value):
                attribute.type = .int
                attribute.i = Int64(value)
            case .ints(let values):
                attribute.type = .ints
                attribute.ints = values.map(Int64.init)
            case .float(let value):
                attribute.type = .float
                attribute.f = value
            }
            return attribute
        }
        graph.node.append(node)
    }

    // MARK: constants

    @discardableResult
    mutating func constant(_ name: String, _ values: [Float], shape: [Int]) -> String {
        add(name, .float, shape, values)
    }

    @discardableResult
    mutating func constant(_ name: String, _ values: [Int8], shape: [Int]) -> String {
        add(name, .int8, shape, values)
    }

    @discardableResult
    mutating func constant(_ name: String, _ values: [Int32], shape: [Int]) -> String {
        add(name, .int32, shape, values)
    }

    @discardableResult
    mutating func constant(_ name: String, _ values: [Int64], shape: [Int]) -> String {
        add(name, .int64, shape, values)
    }

    @discardableResult
    mutating func constant(_ name: String, _ values: [UInt8], shape: [Int]) -> String {
        add(name, .uint8, shape, values)
    }

    #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
        @discardableResult
        mutating func constant(_ name: String, _ values: [Float16], shape: [Int]) -> String {
            add(name, .float16, shape, values)
        }
    #endif

    /// ONNX stores little endian, as every processor that Swift runs on.
    private mutating func add<T: BitwiseCopyable>(
        _ name: String, _ type: ONNXElementType, _ shape: [Int], _ values: [T]
    ) -> String {
        var tensor = ONNXTensor()
        tensor.name = name
        tensor.dataType = type
        tensor.dims = shape.map(Int64.init)
        tensor.rawData = values.withUnsafeBytes { Data($0) }
        graph.initializer.append(tensor)
        return name
    }

    private static func value(_ name: String, _ type: ONNXType) -> ONNXValueInfo {
        var info = ONNXValueInfo()
        info.name = name
        info.type = type
        return info
    }
}
