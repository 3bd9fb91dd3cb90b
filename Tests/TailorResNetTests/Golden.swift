import Foundation
import TailorTensors
import TestSupport
import Testing

/// The numbers that Scripts/golden/resnet.py wrote.
enum Golden {
    static func network() throws -> Network { try GoldenFiles(.module).json(from: "network.json") }

    struct Network: Decodable {
        var names: [Name]
        var parameters: [String]
        var targets: [Int64]
        var logits64: [Double]
        var logits224: [Double]
        var all: Step
        var layer4: Step
        var frozen: Step
        var initial: [String: Digest]
    }

    struct Name: Decodable, Equatable {
        var name: String
        var shape: [Int]

        init(_ name: String, _ shape: [Int]) {
            self.name = name
            self.shape = shape
        }

        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            name = try container.decode(String.self)
            shape = try container.decode([Int].self)
        }
    }

    struct Step: Decodable {
        var loss: Double
        var gradients: [String: Digest]
        var full: [String: [Double]]
        var buffers: [String: Digest]
        /// Parameters after a step of AdamW; empty where none was taken.
        var stepped: [String: Digest]
    }

    /// A tensor in short: its 2-norm, its sum, its first eight values.
    struct Digest: Decodable {
        var norm: Double
        var sum: Double
        var first: [Double]

        init(_ values: [Double]) {
            norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            sum = values.reduce(0, +)
            first = Array(values.prefix(8))
        }
    }
}

/// sin(0.01 i) in row-major order, computed in double precision.
func wave(_ shape: [Int]) throws -> Tensor {
    try Tensor((0..<shape.reduce(1, *)).map { Float(sin(0.01 * Double($0))) }, shape: shape)
}

func doubles(_ tensor: Tensor) throws -> [Double] { try tensor.floats().map(Double.init) }

/// As of arrays, of digests; `relative` is of the norm, so that a value near zero is no trap.
func expectClose(
    _ actual: [Double], _ expected: Golden.Digest, relative: Double, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let digest = Golden.Digest(actual)
    let slack = relative * expected.norm + 1e-7
    expectClose(
        digest.norm, expected.norm, absolute: slack, "norm of \(what)", sourceLocation: sourceLocation)
    expectClose(
        digest.first, expected.first, absolute: slack, "first values of \(what)",
        sourceLocation: sourceLocation)
    let root = Double(actual.count).squareRoot()
    expectClose(
        digest.sum, expected.sum, absolute: slack * root, "sum of \(what)", sourceLocation: sourceLocation
    )
}
