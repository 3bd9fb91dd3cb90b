import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// What export writes for other programs, as a user asks for it.
@Suite(.serialized) struct ExportFormatTests {
    /// Trained once.
    private static let run = Result { try ExportingRun() }

    private func tailor(_ arguments: [String], program: String = "tailor") throws -> Program.Outcome {
        try Self.run.get().tailor(arguments, program: program)
    }

    private func refused(_ arguments: [String], _ text: String) throws {
        let outcome = try tailor(arguments)
        #expect(outcome.code == 2 && outcome.errors.contains(text), "\(outcome.code) \(outcome.errors)")
        #expect(outcome.output.isEmpty)
    }

    @Test func aFolderForTimmAndTransformers() throws {
        let images = try Self.run.get().images
        let command = ["export", "runs/a", "--format", "huggingface", "-o", "hub/mine"]
        let folder = images.root.appending(path: "hub/mine")
        let written = try tailor(command)
        #expect(written.code == 0 && written.output.contains("local-dir:hub/mine"), "\(written.errors)")
        let (weights, card) = (
            folder.appending(path: "model.safetensors"), folder.appending(path: "README.md")
        )
        let (tensors, metadata) = try Safetensors.read(weights)
        // transformers loads no other.
        #expect(metadata["format"] == "pt")
        let best = try Safetensors.read(images.run("a").bestWeights).tensors
        #expect(tensors.keys.sorted() == best.keys.sorted() && tensors.count == 122)
        for (name, tensor) in best { #expect(try tensors[name]?.rawBytes() == tensor.rawBytes(), "\(name)") }
        let config = folder.appending(path: "config.json")
        let facts = try #require(
            JSONSerialization.jsonObject(with: Data(contentsOf: config)) as? [String: Any])
        #expect(facts["architecture"] as? String == "resnet18" && facts["num_classes"] as? Int == 2)
        #expect(facts["label_names"] as? [String] == ["across", "upright"])
        let preparation = try #require(facts["pretrained_cfg"] as? [String: Any])
        #expect(preparation["input_size"] as? [Int] == [3, 32, 32])
        #expect(preparation["crop_mode"] as? String == "center")
        #expect(preparation["interpolation"] as? String == "bilinear")
        let text = try String(contentsOf: card, encoding: .utf8)
        #expect(text.contains("The test set has not been opened yet."))

        // Its own files are replaced, those of others stay, and what somebody changed is not lost.
        let other = folder.appending(path: "notes.txt")
        try Data("mine".utf8).write(to: other)
        #expect(try tailor(command).code == 0)
        #expect(try String(contentsOf: other, encoding: .utf8) == "mine")
        let edited = text.replacingOccurrences(of: "## Limits", with: "## Limits of mine")
        try Data(edited.utf8).write(to: card)
        try refused(command, "hub/mine/README.md: exists already, and was written or changed by somebody")
        #expect(try String(contentsOf: card, encoding: .utf8) == edited)
        try FileManager.default.removeItem(at: card)
        #expect(try tailor(command).code == 0)
        // The other two as well, each with one thing changed, and one that was never ours.
        let both = try (Data(contentsOf: config), Data(contentsOf: weights))
        for changed in [
            String(decoding: both.0, as: UTF8.self).replacingOccurrences(of: "\"across\"", with: "\"mine\""),
            "{}\n",
        ] {
            try Data(changed.utf8).write(to: config)
            try refused(command, "hub/mine/config.json: exists already, and was written or changed")
            #expect(try String(contentsOf: config, encoding: .utf8) == changed)
        }
        try both.0.write(to: config)
        var flipped = both.1
        flipped[flipped.count - 1] ^= 1
        try flipped.write(to: weights)
        try refused(command, "hub/mine/model.safetensors: exists already, and was written or changed")
        try both.1.write(to: weights)
        // Another process at the same folder.
        let lock = try FolderLock(holding: folder)
        let locked = try tailor(command)
        #expect(locked.code != 0 && locked.errors.contains("hub/mine"), "\(locked.errors)")
        lock.unlock()
        #expect(try tailor(command).code == 0)
        try refused(Array(command.dropLast()) + ["."], "holds train/, as a folder of images does")
        try refused(Array(command.dropLast()) + ["runs/a"], "is the folder of a run")
        try refused(Array(command.dropLast()) + ["hub/x.onnx"], "--format huggingface is a folder")
        try refused(command + ["--no-maps"], "--no-maps: without effect")
        try refused(command + ["--calibration-images", "4"], "--calibration-images: without effect")
    }

    @Test func aModelFileForTensorRT() throws {
        let images = try Self.run.get().images
        let command = ["export", "runs/a", "--format", "tensorrt"]
        let exported = try tailor(command + ["--ranges", "minmax"])
        #expect(exported.code == 0 && exported.output.contains("Gate passed"), "\(exported.errors)")
        let url = images.run("a").url.appending(path: "model.tensorrt.onnx")
        let description = try ModelFile(contentsOf: url).description
        #expect(description.quantization?.scheme == "symmetric" && description.precision == .int8)
        let arguments = ["predict", url.path, "test", "--format", "jsonl", "--no-cache"]
        let (big, light) = (try tailor(arguments), try tailor(arguments, program: "tailor-runtime"))
        #expect(big.code == 0 && big.output == light.output, "\(big.errors) \(light.errors)")
        struct Answer: Decodable {
            let path: String
            let predicted: String
        }
        let answers = try big.output.split(separator: "\n").map {
            try JSONDecoder().decode(Answer.self, from: Data($0.utf8))
        }
        #expect(answers.count == 12)
        #expect(answers.count { $0.path.contains($0.predicted) } >= 10, "\(big.output)")
        // The gate says no for it as for any other.
        let gate = try tailor(command + ["-o", "no.onnx", "--min-agreement", "100", "--max-drop", "0"])
        #expect([0, 3].contains(gate.code), "\(gate.errors)")
        #expect(
            (gate.code == 0)
                == FileManager.default.fileExists(atPath: images.root.appending(path: "no.onnx").path))
        try refused(command + ["--preprocess", "embedded"], "--preprocess embedded is for --format onnx")
        try refused(command + ["--precision", "fp16"], "--format tensorrt is int8")
        try refused(command + ["-o", "x.pth"], "the name says pth, --format tensorrt")
        try refused(command + ["-o", "x.onnx/"], "is a folder; --format tensorrt is one file")
    }

    @Test func aFolderForCompilers() throws {
        let command = ["export", "runs/a", "--format", "fp32"]
        let exported = try tailor(command + ["--calibration-images", "5", "--json"])
        #expect(exported.code == 0, "\(exported.errors)")
        let report = try JSONDecoder().decode(StaticExportReport.self, from: Data(exported.output.utf8))
        #expect(report.calibrationImages == 5 && report.path == "runs/a/fp32" && report.imageSize == 32)
        // Its own is replaced, what somebody added to is not.
        let folder = try Self.run.get().images.run("a").url.appending(path: "fp32")
        #expect(try tailor(command + ["--calibration-images", "3"]).code == 0)
        let pictures = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/calibration")
        #expect(pictures.sorted() == ["0001.png", "0002.png", "0003.png"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 4)
        try Data().write(to: folder.appending(path: "calibration/mine.png"))
        try refused(command, "exists already and holds 4 entries")
        for option in [
            ["--max-drop", "1"], ["--ranges", "mse"], ["--max-error", "0.1"], ["--no-maps"],
        ] {
            try refused(command + ["-o", "other"] + option, "\(option[0]): without effect")
        }
        try refused(command + ["-o", "other", "--precision", "int8"], "in fp32")
    }

    @Test func predictionsForLabelStudio() throws {
        let model = try Self.run.get().images.root.appending(path: "tasks.onnx").path
        let exported = try tailor(["export", "runs/a", "--precision", "fp32", "-o", model, "--quiet"])
        #expect(exported.code == 0, "\(exported.errors)")
        let command = ["predict", model, "test/across", "--format"]
        let tasks = try tailor(command + ["labelstudio", "--image-url", "https://host/x/"])
        #expect(tasks.code == 0 && tasks.errors.contains("<Choice value=\"upright\"/>"), "\(tasks.errors)")
        struct Task: Decodable { let data: [String: String] }
        let found = try JSONDecoder().decode([Task].self, from: Data(tasks.output.utf8))
        #expect(found.count == 6 && found[0].data["image"] == "https://host/x/test/across/0.ppm")
        // The run answers in the same forms as its model file.
        let byRun = try tailor(["predict", "runs/a", "test/across", "--format", "jsonl"])
        #expect(byRun.code == 0 && byRun.output.split(separator: "\n").count == 6, "\(byRun.errors)")
        try refused(command + ["csv", "--json"], "--json and --format csv: give one of them")
        try refused(command + ["csv", "--image-url", "x"], "give --format labelstudio")
        try refused(command + ["jsonl", "--top", "2"], "jsonl holds the probability of every class")
        try refused(command + ["labelstudio", "--top", "2"], "labelstudio holds the answer alone")
    }
}
