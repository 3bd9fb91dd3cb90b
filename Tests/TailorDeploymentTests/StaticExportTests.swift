import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// What compilers of other makers are given.
@Suite(.serialized) struct StaticExportTests {
    private static let run = Result { () -> MadeImages in
        let images = try MadeImages()
        try train(images, .tiny(phases: [], probe: LinearProbe()), into: "a", weights: nil)
        return images
    }

    private struct Facts: Decodable {
        struct Normalization: Decodable {
            let mean: [Double]
            let standardDeviation: [Double]
        }
        let classes: [String]
        let normalization: Normalization
        let temperature: Double
        let calibrationImages: Int
    }

    private func exporter(_ count: Int) throws -> (MadeImages, TrainedModel, ModelExporter) {
        let images = try Self.run.get()
        let trained = try TrainedModel(images.run("a"))
        return (
            images, trained,
            ModelExporter(trained, options: ExportOptions(calibrationImages: count, threads: 2))
        )
    }

    @Test func graphImagesAndFacts() throws {
        let (images, trained, exporter) = try exporter(7)
        let folder = images.root.appending(path: "new/static")
        let report = try exporter.exportStatic(to: folder)
        #expect(report.calibrationImages == 7 && report.comparedImages == 12)
        #expect(report.differenceFromTraining < 1e-4)

        let model = try ONNXModelFile(serializedBytes: Data(contentsOf: folder.appending(path: "model.onnx")))
        #expect(model.irVersion == 7 && model.opsetImport.map(\.version) == [13])
        let graph = try ONNXGraph(serializedBytes: model.graph, offset: 0)
        func shape(_ value: ONNXValueInfo) -> [ONNXDimension.Size?] {
            (value.type?.tensorType?.shape?.dim ?? []).map(\.size)
        }
        let side = Int64(trained.record.preprocessing.imageSize)
        #expect(graph.input.map(\.name) == ["image"] && graph.output.map(\.name) == ["logits"])
        #expect(
            shape(graph.input[0]) == [.dimValue(1), .dimValue(3), .dimValue(side), .dimValue(side)])
        #expect(shape(graph.output[0]) == [.dimValue(1), .dimValue(2)])

        let list = try String(contentsOf: folder.appending(path: "calibration.txt"), encoding: .utf8)
        #expect(list == (1...7).map { "calibration/000\($0).png\n" }.joined())
        // Each is a training image as the network sees it, none twice, and every class is there.
        let preprocessing = trained.record.preprocessing
        var known: [[UInt8]: String] = [:]
        for name in ["across", "upright"] {
            for index in 0..<12 {
                let url = images.root.appending(path: "train/\(name)/\(index).ppm")
                let image = try preprocessing.decoder.decode(contentsOf: url)
                known[try preprocessing.resizedAndCropped(image).pixels] = name
            }
        }
        let written = try list.split(separator: "\n").map {
            try ImageDecoder().decode(contentsOf: folder.appending(path: String($0))).pixels
        }
        #expect(Set(written).count == 7 && Set(written.compactMap { known[$0] }).count == 2)
        #expect(written.allSatisfy { known[$0] != nil })

        let facts = try JSONFile.read(Facts.self, from: folder.appending(path: "model.json"))
        #expect(facts.classes == ["across", "upright"] && facts.calibrationImages == 7)
        #expect(facts.temperature == trained.temperature)
        expectClose(facts.normalization.mean, [123.675, 116.28, 103.53], absolute: 1e-12)
        expectClose(facts.normalization.standardDeviation, [58.395, 57.12, 57.375], absolute: 1e-12)
    }

    @Test func moreThanThereAreAndNothingOfOthersIsReplaced() throws {
        let (images, _, exporter) = try exporter(1000)
        let folder = images.root.appending(path: "all")
        #expect(try exporter.exportStatic(to: folder).calibrationImages == 24)
        #expect(try exporter.exportStatic(to: folder).calibrationImages == 24)
        let facts = folder.appending(path: "model.json")
        let text = try String(contentsOf: facts, encoding: .utf8)
        try Data(text.replacingOccurrences(of: "across", with: "mine").utf8).write(to: facts)
        #expect {
            _ = try exporter.exportStatic(to: folder)
        } throws: { error in
            "\(error)".contains("exists already and holds 4 entries")
        }
    }

    /// What fails on the way leaves nothing.
    @Test func aMissingImageLeavesNoFolder() throws {
        let images = try MadeImages()
        try train(images, .tiny(phases: [], probe: LinearProbe()), into: "a", weights: nil)
        let exporter = try ModelExporter(
            TrainedModel(images.run("a")), options: ExportOptions(calibrationImages: 24, threads: 2))
        try FileManager.default.removeItem(at: images.root.appending(path: "train/across/3.ppm"))
        let parent = images.root.appending(path: "deep")
        #expect(throws: (any Error).self) {
            _ = try exporter.exportStatic(to: parent.appending(path: "er/static"))
        }
        #expect(!FileManager.default.fileExists(atPath: parent.path))
    }
}
