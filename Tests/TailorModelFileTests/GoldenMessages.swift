import Foundation
import TailorModelFile
import TestSupport

/// Files that Python wrote; Scripts/golden/modelfile.py made them.
enum Golden {
    static let files = GoldenFiles(.module)

    static func model() throws -> GoldenModel {
        try files.json(from: "messages.json", keys: .convertFromSnakeCase)
    }
}

struct GoldenModel: Decodable, Equatable {
    struct OperatorSet: Decodable, Equatable {
        let domain: String
        let version: Int64
    }
    struct Property: Decodable, Equatable {
        let key: String
        let value: String
    }
    struct Attribute: Decodable, Equatable {
        let name: String
        /// Floats as their bits.
        let f: UInt32?
        let i: Int64?
        /// Hexadecimal.
        let s: String
        let floats: [UInt32]
        let ints: [Int64]
        let type: Int32
    }
    struct Node: Decodable, Equatable {
        let input: [String]
        let output: [String]
        let name: String
        let opType: String
        let attribute: [Attribute]
        let docString: String
        let domain: String
    }
    struct Tensor: Decodable, Equatable {
        let dims: [Int64]
        let dataType: Int
        let name: String
        let rawData: String
        let externalData: [Property]
        let dataLocation: Int32
    }
    struct Dimension: Decodable, Equatable {
        let dimValue: Int64?
        let dimParam: String?
    }
    struct Shape: Decodable, Equatable {
        let dim: [Dimension]
    }
    struct TensorType: Decodable, Equatable {
        let elemType: Int
        let shape: Shape?
    }
    struct ValueType: Decodable, Equatable {
        let tensorType: TensorType?
    }
    struct ValueInfo: Decodable, Equatable {
        let name: String
        let type: ValueType?
    }
    struct Graph: Decodable, Equatable {
        let node: [Node]
        let name: String
        let initializer: [Tensor]
        let docString: String
        let input: [ValueInfo]
        let output: [ValueInfo]
    }
    let irVersion: Int64
    let producerName: String
    let producerVersion: String
    let domain: String
    let modelVersion: Int64
    let docString: String
    let graph: Graph
    let opsetImport: [OperatorSet]
    let metadataProps: [Property]
}

// MARK: what our reader found, in the same form

extension GoldenModel {
    init(_ model: ONNXModelFile, _ graph: ONNXGraph) {
        self.init(
            irVersion: model.irVersion, producerName: model.producerName,
            producerVersion: model.producerVersion, domain: model.domain, modelVersion: model.modelVersion,
            docString: model.docString,
            graph: Graph(
                node: graph.node.map(Self.node), name: graph.name,
                initializer: graph.initializer.map(Self.tensor), docString: graph.docString,
                input: graph.input.map(Self.info), output: graph.output.map(Self.info)),
            opsetImport: model.opsetImport.map { OperatorSet(domain: $0.domain, version: $0.version) },
            metadataProps: model.metadataProps.map(Self.property))
    }

    private static func property(_ it: ONNXProperty) -> Property { Property(key: it.key, value: it.value) }

    private static func node(_ it: ONNXNode) -> Node {
        Node(
            input: it.input, output: it.output, name: it.name, opType: it.opType,
            attribute: it.attribute.map {
                Attribute(
                    name: $0.name, f: $0.f?.bitPattern, i: $0.i, s: hexadecimal($0.s),
                    floats: $0.floats.map(\.bitPattern), ints: $0.ints, type: $0.type.rawValue)
            }, docString: it.docString, domain: it.domain)
    }

    private static func tensor(_ it: ONNXTensor) -> Tensor {
        Tensor(
            dims: it.dims, dataType: it.dataType.rawValue, name: it.name, rawData: hexadecimal(it.rawData),
            externalData: it.externalData.map(property), dataLocation: it.dataLocation)
    }

    private static func info(_ it: ONNXValueInfo) -> ValueInfo {
        ValueInfo(
            name: it.name,
            type: it.type.map { type in
                ValueType(
                    tensorType: type.tensorType.map {
                        TensorType(
                            elemType: $0.elemType.rawValue,
                            shape: $0.shape.map { Shape(dim: $0.dim.map(dimension)) })
                    })
            })
    }

    private static func dimension(_ it: ONNXDimension) -> Dimension {
        switch it.size {
        case .dimValue(let value): Dimension(dimValue: value, dimParam: nil)
        case .dimParam(let name): Dimension(dimValue: nil, dimParam: name)
        case nil: Dimension(dimValue: nil, dimParam: nil)
        }
    }

    private static func hexadecimal(_ data: Data) -> String {
        data.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
