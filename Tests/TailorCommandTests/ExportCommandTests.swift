import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// From a run to a model file and its answers, as a user goes.
@Suite(.serialized) struct ExportCommandTests {
    /// Trained once.
    static let run = Result { try ExportingRun() }

    private func tailor(_ arguments: [String], program: String = "tailor") throws -> Program.Outcome {
        try Self.run.get().tailor(arguments, program: program)
    }

    /// What is escaped for people would be no JSON any more.
    @Test func aCheckpointsJSONIsOneWhateverItsName() throws {
        let name = "a\u{7F}\u{9B}b.safetensors"
        let written = try tailor(["export", "runs/a", "--format", "safetensors", "--json", "-o", name])
        #expect(written.code == 0, "\(written.errors)")
        let document = try JSONSerialization.jsonObject(with: Data(written.output.utf8)) as? [String: Any]
        #expect(document?["path"] as? String == name)
    }

    @Test func exportEvaluateAndPredict() throws {
        let images = try Self.run.get().images
        let exported = try tailor([
            "export", "runs/a", "--json", "--ranges", "minmax", "--cost",
            "false_negative=5,false_positive=1", "--positive", "upright",
        ])
        #expect(exported.code == 0, "\(exported.errors)")
        let report = try JSONDecoder().decode(ExportReport.self, from: Data(exported.output.utf8))
        #expect(report.precision == .int8 && report.bytes < 11_500_000 && report.gate?.passes == true)
        #expect(report.decision.cost?.positive == "upright")

        let tested = try tailor(["evaluate", "runs/a", "--model", "runs/a/model.onnx", "--json"])
        #expect(tested.code == 0, "\(tested.errors)")
        let both = try JSONDecoder().decode(Both.self, from: Data(tested.output.utf8))
        #expect(both.testUses == 1 && both.exported.testUses == 1, "one use for the pair")
        #expect(both.exported.n == both.n && both.sameClass >= 0.9)
        #expect(both.exported.intervals.accuracy.low <= both.exported.accuracy)
        let ledger = try TestLedger(runFolder: images.run("a").url).read()
        #expect(ledger.count == 1 && ledger[0].metrics["exported_accuracy"] == both.exported.accuracy)
        let model = try Data(contentsOf: images.run("a").url.appending(path: "model.onnx"))
        #expect(ledger[0].exported == (try ContentHash.sha256(model)))
        #expect(tested.errors.contains("the model file answers upright from probability"))
        #expect(
            FileManager.default.fileExists(
                atPath: images.run("a").exportedTest.appending(path: "metrics.json").path))

        // Both programs, all ways to name images, the same answers.
        let arguments = ["predict", "runs/a/model.onnx", "test", "--format", "csv"]
        let (big, light) = (try tailor(arguments), try tailor(arguments, program: "tailor-runtime"))
        #expect(big.code == 0 && light.code == 0, "\(big.errors) \(light.errors)")
        #expect(big.output == light.output)
        // OpenVINO's oneDNN held to instructions without VNNI, as older processors are: the same codes, so the
        // same answers.
        let older = try Program.run(
            arguments + ["--no-cache"], program: "tailor-runtime", in: images.root,
            environment: ["ONEDNN_MAX_CPU_ISA": "AVX2"])
        #expect(older.code == 0 && older.output == light.output, "\(older.errors)")
        for errors in [big.errors, light.errors] {
            #expect(
                errors.contains("12 of 12 images belong to a test set that evaluate has used"), "\(errors)")
        }
        let rows = try CSV.parse(light.output)
        #expect(rows.count == 13 && rows[0][5...] == ["rejected", "distance", "place", "error"])

        let tiled = try tailor(
            [
                "predict", "runs/a/model.onnx", "test/across/0.ppm", "--tiles", "2x2", "--worst", "upright",
                "--json",
            ],
            program: "tailor-runtime")
        struct Answer: Decodable { var place: Prediction.Place? }
        let predictions = try JSONDecoder().decode([Answer].self, from: Data(tiled.output.utf8))
        // 40 pixels in two tiles that share a quarter: 40 / 1.75, rounded up.
        #expect(predictions.first?.place?.width == 23 && predictions.first?.place?.height == 23)
    }

    /// Once, before the first image: not an error a picture.
    @Test func unknownClassesAreRefused() throws {
        let model = try Self.run.get().images.run("a").url.appending(path: "classes.onnx")
        let exported = try tailor(["export", "runs/a", "--precision", "fp32", "-o", model.path])
        #expect(exported.code == 0, "\(exported.errors)")
        for program in ["tailor", "tailor-runtime"] {
            let outcome = try tailor(
                ["predict", model.path, "test", "--tiles", "2x2", "--worst", "uprigt"], program: program)
            #expect(outcome.code == 2 && outcome.output.isEmpty)
            #expect(
                outcome.errors.contains("--worst: no class is called uprigt; did you mean upright?"),
                "\(outcome.errors)")
        }
    }

    @Test func checkpointsForOthers() throws {
        let images = try Self.run.get().images
        for format in ["safetensors", "pth"] {
            let outcome = try tailor(["export", "runs/a", "--format", format, "-o", "net." + format])
            #expect(outcome.code == 0 && outcome.output.contains("load_state_dict"), "\(outcome.errors)")
        }
        let safetensors = try Safetensors.read(images.root.appending(path: "net.safetensors")).tensors
        let pth = try TorchCheckpoint.read(images.root.appending(path: "net.pth"))
        #expect(pth.keys.sorted() == safetensors.keys.sorted() && pth.count == 122)
        for (name, tensor) in safetensors {
            #expect(try pth[name]?.rawBytes() == tensor.rawBytes(), "\(name)")
        }
    }

    @Test func refusals() throws {
        func refused(_ arguments: [String], _ text: String) throws {
            let outcome = try tailor(arguments)
            #expect(
                outcome.code == 2 && outcome.errors.contains(text), "\(outcome.code) \(outcome.errors)")
            #expect(outcome.output.isEmpty)
        }
        try refused(["export", "runs/a", "--cost", "false_negative=-1"], "both above 0")
        try refused(["export", "runs/a", "--positive", "x"], "--positive needs --cost")
        try refused(
            ["export", "runs/a", "--cost", "false_negative=2,false_positive=1", "--positive", "no such"],
            "--positive: no class is called no such, expected across, upright")
        try refused(["export", "runs/a", "--format", "pth", "--precision", "fp16"], "fp32")
        try refused(["export", "runs/a", "--format", "pth", "--precision", "int8"], "fp32")
        try refused(
            ["export", "runs/a", "--format", "safetensors", "-o", "runs/a/best.safetensors"],
            "needs this file itself")
        try refused(
            ["export", "runs/a", "--format", "pth", "-o", "x.onnx"], "the name says onnx, --format pth")
        // What would change nothing.
        for option in [
            ["--max-error", "0.1"], ["--cost", "false_negative=2,false_positive=1"], ["--ranges", "mse"],
            ["--calibration-images", "9"], ["--data", "."], ["--max-drop", "1"], ["--min-agreement", "90"],
        ] {
            try refused(
                ["export", "runs/a", "--format", "safetensors"] + option, "\(option[0]): without effect")
        }
        for option in [["--ranges", "mse"], ["--calibration-images", "9"], ["--max-drop", "1"]] {
            try refused(
                ["export", "runs/a", "--precision", "fp32"] + option, "\(option[0]): without effect on fp32")
        }
        try refused(["export", "runs/a", "--dynamic", "--ranges", "mse"], "--ranges: without effect")
        try refused(
            ["export", "runs/a", "--precision", "fp16", "--ranges", "mse"], "--ranges: without effect")
        // Twelve validation images cannot show it.
        try refused(
            ["export", "runs/a", "-o", "none.onnx", "--precision", "fp32", "--max-error", "0.01", "--quiet"],
            "validation images cannot show with 95 % confidence")
        try refused(["predict", "test/across/0.ppm", "x"], "not a model file")
        try refused(["predict", "m.onnx", "x", "--tiles", "0x4"], "--tiles")
        try refused(["predict", "m.onnx", "x", "--tiles", "many"], "--tiles many")
        try refused(
            [
                "export", "runs/a", "-o", "gate.onnx", "--ranges", "minmax", "--min-agreement", "100",
                "--max-drop", "0",
                "--calibration-images", "1", "--max-error", "2",
            ], "--max-error")
    }

    #if os(Linux)
        /// The dynamic linker says what it loads.
        @Test func theRuntimeLoadsNothingOfLibtorch() throws {
            let images = try Self.run.get().images
            let model = images.root.appending(path: "runtime.onnx")
            let exported = try tailor([
                "export", "runs/a", "-o", model.path, "--precision", "fp32", "--quiet",
            ])
            #expect(exported.code == 0, "\(exported.errors)")
            func loaded(_ program: String) throws -> String {
                let outcome = try Program.run(
                    ["predict", model.path, "test/across/0.ppm", "--no-cache"], program: program,
                    in: images.root, environment: ["LD_DEBUG": "files"])
                #expect(outcome.code == 0)
                return outcome.errors
            }
            let light = try loaded("tailor-runtime")
            #expect(light.contains("libopenvino"))
            for heavy in ["libtorch", "libc10", "libFoundationXML", "libFoundationNetworking"] {
                #expect(!light.contains(heavy), "\(heavy)")
            }
            #expect(try loaded("tailor").contains("libtorch"), "else this test sees nothing")
        }
    #endif

    private struct Both: Decodable {
        enum CodingKeys: String, CodingKey {
            case n, exported
            case testUses = "test_uses"
            case sameClass = "same_class"
        }

        let n: Int
        let testUses: Int
        let sameClass: Double
        let exported: MetricsReport
    }
}
