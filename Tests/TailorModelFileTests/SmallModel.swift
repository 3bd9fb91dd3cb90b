import Foundation
import TailorEvaluation
import TailorImages
import TailorModelFile
import TailorSupport

/// The smallest files that are complete.
enum SmallModel {
    /// A graph that a model file may hold: one picture of one pixel, three classes, all of them its channels.
    static func graph() -> ONNXGraph {
        var weights = ONNXTensor()
        weights.name = "w"
        weights.dataType = .int8
        weights.dims = [3, 1]
        weights.rawData = Data([1, 2, 0xff])
        var axis = ONNXAttribute()
        axis.name = "axis"
        axis.type = .int
        axis.i = 0
        var graph = ONNXGraph()
        graph.name = "g"
        graph.initializer = [weights]
        graph.node = [
            node("Flatten", ["image"], GraphNames.features, [axis]),
            node("Relu", [GraphNames.features], GraphNames.logits, []),
        ]
        graph.input = [value(GraphNames.input, GraphNames.inputType(.external, imageSize: 1))]
        graph.output = [
            value(GraphNames.logits, .tensor(.float, [.dimParam("N"), .dimValue(3)])),
            value(GraphNames.features, .tensor(.float, nil)),
        ]
        return graph
    }

    /// Every field of every message of a graph, whether a model file may hold it or not.
    static func everyField() -> ONNXGraph {
        var graph = graph()
        graph.docString = "graph"
        graph.node[0].docString = "node"
        graph.node[0].name = "größe"
        graph.node[0].domain = "d"
        graph.node[0].input.append("")
        var all = ONNXAttribute()
        all.name = "all"
        all.f = 0
        all.i = -1
        all.s = Data([0, 0xff])
        all.floats = [1.5, -.infinity]
        all.ints = [0, -64, 1 << 40]
        all.type = ONNXAttribute.Kind(rawValue: 14)
        graph.node[0].attribute.append(all)
        graph.initializer[0].externalData = [property("location", "x")]
        graph.initializer[0].dataLocation = 1
        var empty = ONNXShape()
        empty.dim = [ONNXDimension()]
        graph.output[1].type?.tensorType?.shape = empty
        return graph
    }

    /// Every field of a file's outermost messages.
    static func everyFieldOfAFile() -> ONNXModelFile {
        var operators = ONNXOperatorSet()
        operators.domain = "d"
        operators.version = 17
        var model = ONNXModelFile()
        model.irVersion = 10
        model.producerName = "tailor"
        model.producerVersion = "0"
        model.domain = "com.example"
        model.modelVersion = -1
        model.docString = "file"
        model.graph = everyField().serializedBytes()
        model.opsetImport = [operators, ONNXOperatorSet()]
        model.metadataProps = [property("k", "v"), ONNXProperty()]
        return model
    }

    static let description = ModelDescription(
        tailorVersion: "0", classes: ["a", "b", "c"], preprocessing: Preprocessing(imageSize: 1))

    /// What a model file holds under `tailor.digest`; its description is the first of the two entries.
    static func digest(_ model: ONNXModelFile) throws -> String {
        var hash = try ContentHasher()
        try hash.update(model.graph)
        try hash.update(model.metadataProps[0].value)
        return try hash.finish()
    }

    static func file() throws -> ModelFile { try ModelFile(graph: graph(), description: description) }

    private static func property(_ key: String, _ value: String) -> ONNXProperty {
        var property = ONNXProperty()
        property.key = key
        property.value = value
        return property
    }

    private static func node(
        _ type: String, _ inputs: [String], _ output: String, _ attributes: [ONNXAttribute]
    ) -> ONNXNode {
        var node = ONNXNode()
        node.opType = type
        node.input = inputs
        node.output = [output]
        node.attribute = attributes
        return node
    }

    private static func value(_ name: String, _ type: ONNXType) -> ONNXValueInfo {
        var info = ONNXValueInfo()
        info.name = name
        info.type = type
        return info
    }
}
