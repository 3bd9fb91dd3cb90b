import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// `predict --heatmap`, as a user goes.
@Suite(.serialized) struct HeatMapCommandTests {
    /// A run, its model file with maps, and one without.
    static let run = Result { () -> MadeImages in
        let images = try MadeImages()
        let bundled = try PretrainedWeights.load(.bundled) { _ in }
        try train(images, .tiny(phases: [], probe: LinearProbe()), into: "a", weights: bundled)
        let trained = try TrainedModel(images.run("a"))
        for (name, maps) in [("with.onnx", true), ("without.onnx", false)] {
            _ = try ModelExporter(trained, options: .init(precision: .float32, maps: maps, threads: 2))
                .export(to: images.root.appending(path: name))
        }
        return images
    }

    private func tailor(_ arguments: [String], program: String = "tailor") throws -> Program.Outcome {
        try Program.run(
            arguments, program: program, in: Self.run.get().root,
            environment: ["XDG_CACHE_HOME": Self.run.get().root.appending(path: "cache").path])
    }

    private func rows(_ folder: String) throws -> [[String]] {
        let url = try Self.run.get().root.appending(path: folder + "/heatmaps.csv")
        return try CSV.parse(String(contentsOf: url, encoding: .utf8), isOwn: true)
    }

    /// Of two that draw into one folder, one would lose its list.
    @Test func aFolderInUseIsRefused() throws {
        let folder = try Self.run.get().root.appending(path: "maps/used")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let lock = try FolderLock(folder: folder)
        let refused = try tailor(["predict", "with.onnx", "val", "--heatmap", "maps/used"])
        #expect(
            refused.code == 2 && refused.errors.contains("is in use by process \(getpid())"),
            "\(refused.errors)")
        lock.unlock()
        #expect(try tailor(["predict", "with.onnx", "val", "--heatmap", "maps/used"]).code == 0)
    }

    @Test func bothProgramsAndTheRunDrawTheSame() throws {
        let root = try Self.run.get().root
        let files = try ImageFiles.expand([root.appending(path: "val").path])
        for (model, program, folder) in [
            ("with.onnx", "tailor", "maps/full"), ("with.onnx", "tailor-runtime", "maps/light"),
            ("runs/a", "tailor", "maps/run"),
        ] {
            let outcome = try tailor(["predict", model, "val", "--heatmap", folder], program: program)
            #expect(outcome.code == 0 && outcome.errors.contains("Heat maps: \(folder)"), "\(outcome.errors)")
            let rows = try rows(folder)
            #expect(rows.count == files.count + 1 && rows[0][0] == "image" && rows[0][6] == "peak_x")
            for (row, file) in zip(rows.dropFirst(), files) {
                #expect(file.hasSuffix(row[0]) && row[2] == row[4] && row[3] == row[5])
                let image = try ImageDecoder().decode(contentsOf: URL(fileURLWithPath: file))
                let overlay = try ImageDecoder().decode(
                    contentsOf: root.appending(path: folder + "/" + row[1]))
                #expect(overlay.width >= image.width && overlay.height > image.height)
                #expect((0..<image.width).contains(Int(row[6]) ?? -1))
            }
        }
        #expect(try rows("maps/full") == rows("maps/light"))
        // libtorch's, to its own rounding.
        for (ours, other) in zip(try rows("maps/full").dropFirst(), try rows("maps/run").dropFirst()) {
            #expect(ours[...2] == other[...2] && ours[6...7] == other[6...7])
            #expect(abs((Double(ours[8]) ?? 0) - (Double(other[8]) ?? 9)) < 0.01)
        }
    }

    @Test func theClassCanBeChosenAndTilesAreStitched() throws {
        let outcome = try tailor([
            "predict", "with.onnx", "val", "--heatmap", "maps/chosen", "--heatmap-class", "upright",
            "--tiles", "2x2", "--format", "csv",
        ])
        #expect(outcome.code == 0, "\(outcome.errors)")
        let rows = try rows("maps/chosen").dropFirst()
        #expect(rows.allSatisfy { $0[4] == "upright" } && rows.contains { $0[2] == "across" })
        #expect(rows.allSatisfy { $0[2] == "upright" || (Double($0[5]) ?? 1) < (Double($0[3]) ?? 0) })
    }

    @Test func whatWouldBeLostOrWrongIsRefused() throws {
        let images = try Self.run.get()
        let full = images.root.appending(path: "full")
        try FileManager.default.createDirectory(at: full, withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: full.appending(path: "notes.txt"))
        let link = images.root.appending(path: "link")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: images.root)
        let refusals: [(arguments: [String], says: String)] = [
            (["with.onnx", "link/val", "--heatmap", "link/val/maps/deep"], "which is searched for images"),
            (["with.onnx", "val", "--heatmap", "full"], "is not empty"),
            (["with.onnx", "val", "--heatmap", "val/maps"], "which is searched for images"),
            (["with.onnx", "val", "--heatmap", "val"], "which is searched for images"),
            (["with.onnx", "val", "--heatmap", "full/notes.txt"], "is no folder"),
            (["without.onnx", "val", "--heatmap", "maps/none"], "export the run again"),
            (["with.onnx", "val", "--heatmap-class", "upright"], "--heatmap-class needs --heatmap"),
            (
                ["with.onnx", "val", "--heatmap", "maps/x", "--heatmap-class", "uprigt"],
                "did you mean upright"
            ),
            (["runs/a", "val", "--heatmap", "maps/x", "--heatmap-class", "no"], "no class is called no"),
        ]
        for (arguments, says) in refusals {
            let outcome = try tailor(["predict"] + arguments)
            #expect(outcome.code == 2 && outcome.errors.contains(says), "\(arguments): \(outcome.errors)")
        }
        for name in ["maps/none", "maps/x", "val/maps"] {
            #expect(
                !FileManager.default.fileExists(atPath: images.root.appending(path: name).path), "\(name)")
        }
        #expect(try Data(contentsOf: full.appending(path: "notes.txt")) == Data("mine".utf8))
        // The folder of an earlier call is taken again.
        for _ in 0..<2 {
            #expect(try tailor(["predict", "with.onnx", "val", "--heatmap", "maps/again"]).code == 0)
        }
    }

    /// Only what an earlier call has drawn is replaced, and what it drew stays listed.
    @Test func picturesAmongTheMapsAreKept() throws {
        let root = try Self.run.get().root
        let image = try TestImage.noise(width: 40, height: 30)
        for name in ["kept/one.png", "kept/two.png", "kept/side/three.png", "outside/three.jpg"] {
            let file = root.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try image.pngData().write(to: file)
        }
        let maps = root.appending(path: "maps/kept")
        let first = try tailor(["predict", "with.onnx", "kept/one.png", "--heatmap", "maps/kept"])
        #expect(first.code == 0, "\(first.errors)")
        let mine = Data("mine".utf8)
        try mine.write(to: maps.appending(path: "two.jpg"))
        let other = try tailor(["predict", "with.onnx", "kept/two.png", "--heatmap", "maps/kept"])
        #expect(other.code == 2 && other.errors.contains("two.jpg, which no earlier call has drawn"))
        #expect(try Data(contentsOf: maps.appending(path: "two.jpg")) == mine)
        let input = try tailor(["predict", "with.onnx", "maps/kept/one.jpg", "--heatmap", "maps/kept"])
        #expect(input.code == 2 && input.errors.contains("which is an image to be looked at"))
        try FileManager.default.createSymbolicLink(
            at: maps.appending(path: "side"), withDestinationURL: root.appending(path: "outside"))
        try FileManager.default.removeItem(at: maps.appending(path: "two.jpg"))
        let linked = try tailor(["predict", "with.onnx", "kept", "--heatmap", "maps/kept"])
        #expect(linked.code == 2 && linked.errors.contains("is a link that leads elsewhere"))
        #expect(
            try Data(contentsOf: root.appending(path: "outside/three.jpg")) == image.pngData())
        let second = try tailor(["predict", "with.onnx", "kept/two.png", "--heatmap", "maps/kept"])
        #expect(second.code == 0, "\(second.errors)")
        #expect(try rows("maps/kept").dropFirst().map { $0[1] } == ["one.jpg", "two.jpg"])
    }

    /// Names that differ in their extension alone, one file twice, one that is no image.
    @Test func everyImageHasAPictureOfItsOwn() throws {
        let root = try Self.run.get().root
        let folder = root.appending(path: "odd")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "in, \"side\""), withIntermediateDirectories: true)
        let image = try TestImage.noise(width: 40, height: 30)
        try image.pngData().write(to: folder.appending(path: "a.png"))
        try image.jpegData().write(to: folder.appending(path: "a.jpg"))
        try image.pngData().write(to: folder.appending(path: "in, \"side\"/=b.png"))
        try Data("no image".utf8).write(to: folder.appending(path: "c.png"))
        let outcome = try tailor([
            "predict", "with.onnx", "odd", "odd/a.png", "--heatmap", "maps/odd",
        ])
        #expect(outcome.code == 1, "c.png is none")
        #expect(
            try rows("maps/odd").dropFirst().map { Array($0[0...1]) } == [
                ["odd/a.jpg", "a.jpg.jpg"], ["odd/a.png", "a.png.jpg"],
                ["odd/in, \"side\"/=b.png", "in, \"side\"/=b.jpg"], ["odd/a.png", "a.png.jpg"],
            ])
    }
}
