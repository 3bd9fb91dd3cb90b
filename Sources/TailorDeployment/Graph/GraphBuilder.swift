import Foundation
import TailorModelFile

/// Builder of an ONNX graph. Each method returns the name of the node's result.
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

    /// Adds a node with one output.
    ///
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

    /// Adds a constant, row-major. ONNX is little-endian, as every processor that Swift runs on.
    @discardableResult
    mutating func constant<T: ONNXElement>(_ name: String, _ values: [T], shape: [Int]) -> String {
        var tensor = ONNXTensor()
        tensor.name = name
        tensor.dataType = T.onnxType
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

/// Element of a constant.
protocol ONNXElement: BitwiseCopyable {
    static var onnxType: ONNXElementType { get }
}

extension Float: ONNXElement { static var onnxType: ONNXElementType { .float } }
extension Int8: ONNXElement { static var onnxType: ONNXElementType { .int8 } }
extension Int32: ONNXElement { static var onnxType: ONNXElementType { .int32 } }
extension Int64: ONNXElement { static var onnxType: ONNXElementType { .int64 } }
extension UInt8: ONNXElement { static var onnxType: ONNXElementType { .uint8 } }
#if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    extension Float16: ONNXElement { static var onnxType: ONNXElementType { .float16 } }
#endif
