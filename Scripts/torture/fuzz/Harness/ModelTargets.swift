import Foundation
import TailorEvaluation
import TailorImages
import TailorSupport

@testable import TailorModelFile

let modelTargets = [
    // The digest is put right first: no mutation finds a SHA-256.
    FuzzTarget("onnx") { data in
        var model: ONNXModelFile
        do { model = try ONNXModelFile(serializedBytes: data) } catch is WireError { return }
        if model.unknownFields.isEmpty {
            let again = try? ONNXModelFile(serializedBytes: model.serializedBytes())
            try expect(again?.serializedBytes() == model.serializedBytes(), "another file when written")
        }
        try ignoring(WireError.self) {
            let graph = try ONNXGraph(serializedBytes: model.graph)
            let again = try ONNXGraph(serializedBytes: graph.serializedBytes())
            try expect(
                again.serializedBytes() == graph.serializedBytes(), "another graph when written")
            _ = GraphCheck.firstProblem(model: model, graph: graph, description: smallDescription)
        }
        try complete(&model)
    },
    FuzzTarget("onnx-graph") { data in
        var model = try ONNXModelFile(serializedBytes: smallFile)
        model.graph = data
        try complete(&model)
    },
    FuzzTarget("description") { data in
        var model = try ONNXModelFile(serializedBytes: smallFile)
        let text = String(decoding: data, as: UTF8.self)
        model.metadataProps = [property("tailor", text)]
        try complete(&model)
    },
]

/// Reads a file with the digest that its content has, and once more what was understood of it.
private func complete(_ model: inout ONNXModelFile) throws {
    guard let text = model.metadataProps.first(where: { $0.key == "tailor" })?.value else { return }
    model.metadataProps.removeAll { $0.key == "tailor.digest" }
    var hash = try ContentHasher()
    try hash.update(model.graph)
    try hash.update(text)
    model.metadataProps.append(property("tailor.digest", try hash.finish()))
    let file = try ModelFile(bytes: model.serializedBytes(), name: "model")
    for vector in file.description.golden { _ = try vector.image() }
    let again = try file.described(as: file.description)
    try expect(again.description == file.description, "another description when written")
    try expect(again.graph == file.graph, "another graph when written")
}

private func property(_ key: String, _ value: String) -> ONNXProperty {
    var property = ONNXProperty()
    property.key = key
    property.value = value
    return property
}

private let smallDescription = ModelDescription(
    tailorVersion: "0", classes: ["a", "b", "c"], preprocessing: Preprocessing(imageSize: 1))

/// The smallest file that is complete; a seed of `onnx` as well.
private let smallFile: Data = {
    var weights = ONNXTensor()
    weights.name = "w"
    weights.dataType = .int8
    weights.dims = [3, 1]
    weights.rawData = Data([1, 2, 0xff])
    var axis = ONNXAttribute()
    axis.name = "axis"
    axis.type = .int
    axis.i = 0
    var flatten = ONNXNode()
    flatten.opType = "Flatten"
    flatten.input = [GraphNames.input]
    flatten.output = [GraphNames.features]
    flatten.attribute = [axis]
    var relu = ONNXNode()
    relu.opType = "Relu"
    relu.input = [GraphNames.features]
    relu.output = [GraphNames.logits]
    var graph = ONNXGraph()
    graph.name = "g"
    graph.initializer = [weights]
    graph.node = [flatten, relu]
    graph.input = [value(GraphNames.input, GraphNames.inputType(.external, imageSize: 1))]
    graph.output = [
        value(GraphNames.logits, .tensor(.float, [.dimParam("N"), .dimValue(3)])),
        value(GraphNames.features, .tensor(.float, nil)),
    ]
    do {
        return try ModelFile(graph: graph, description: smallDescription).bytes
    } catch {
        fatalError("the small model: \(error)")
    }
}()

private func value(_ name: String, _ type: ONNXType) -> ONNXValueInfo {
    var info = ONNXValueInfo()
    info.name = name
    info.type = type
    return info
}
