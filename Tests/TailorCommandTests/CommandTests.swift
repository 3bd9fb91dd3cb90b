import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// What scripts rely on: exit codes, and which of the two outputs carries what.
@Suite(.serialized) struct CommandTests {
    /// A second or less on made images.
    static let quick = [
        "--weights", "none", "--image-size", "32", "--no-probe", "--batch-size", "8", "--device", "cpu",
    ]

    @Test func helpAndVersionGoToStandardOutput() throws {
        let help = try Program.run(["--help"])
        #expect(help.code == 0 && help.errors.isEmpty)
        var rest = help.output[...]
        for command in [
            "split", "check", "train", "export", "evaluate", "predict", "weights", "doctor", "completion",
            "man",
        ] {
            let place = try #require(rest.range(of: "\n  \(command) "), "\(command), in this order")
            rest = rest[place.upperBound...]
            #expect(try Program.run([command, "--help"]).output.contains("USAGE: tailor \(command)"))
        }
        #expect(try Program.run(["--version"]).output == TailorVersion.current + "\n")
    }

    @Test func refusalsNameWhatIsWrong() throws {
        let folder = try TemporaryFolder()
        func refused(_ arguments: [String], _ text: String) throws {
            let outcome = try Program.run(arguments, in: folder.url)
            #expect(outcome.code == 2, "\(arguments): \(outcome.errors)")
            #expect(outcome.errors.contains("rror: ") && outcome.errors.contains(text), "\(outcome.errors)")
            #expect(outcome.output.isEmpty)
        }
        try refused(["train", "nowhere"], "nowhere")
        try refused(["train", "nowhere", "--recipe", "mine"], "--recipe mine: no such file")
        try refused(["train", "nowhere", "--accumulate", "64"], "accumulation steps 64, expected 1…16")
        try refused(["train", "nowhere", "--resize", "10"], "short side: expected from the image size (224)")
        try refused(["train", "nowhere", "--device", "tpu"], "--device tpu: expected cpu, cuda or cuda:N")
        for arguments in [["train", "nowhere"], ["check", "nowhere"], ["predict", "nowhere", "a.jpg"]] {
            let outcome = try Program.run(arguments + ["--device", "cuda:127"], in: folder.url)
            let lines = outcome.errors.split(separator: "\n")
            #expect(outcome.code == 2 && lines.count == 1, "\(outcome.errors)")
            #expect(outcome.errors.hasPrefix("error: --device cuda:127: "), "\(outcome.errors)")
        }
        try refused(["evaluate", "nowhere"], "not a run folder")
        try refused(["predict", "nowhere", "a.jpg"], "nowhere: not a model file")
        try refused(["export", "nowhere"], "not a run folder")
        // What a run folder ignores, and what a model file does; before either is opened.
        try FileManager.default.createDirectory(
            at: folder.file("run"), withIntermediateDirectories: false)
        for flags in [
            ["--tiles", "2x2"], ["--min-probability", "0.5"], ["--precision", "auto"], ["--no-cache"],
        ] {
            try refused(
                ["predict", "run", "a.jpg"] + flags,
                "\(flags[0]): only a model file takes this, and run is a run folder")
        }
        try refused(
            ["predict", "run", "a.jpg", "--tiles", "auto", "--worst", "x", "--tile-overlap", "0.1"],
            "--tiles, --tile-overlap, --worst: only a model file")
        try refused(["predict", "m.onnx", "a.jpg", "--tile-overlap", "0.1"], "needs --tiles")
        try refused(
            ["predict", "m.onnx", "a.jpg", "--device", "cpu"], "--device: a model file runs on OpenVINO")
        try refused(["predict", "m.onnx", "a.jpg", "--workers", "2"], "--threads N sets its threads")
        try FileManager.default.removeItem(at: folder.file("run"))
        try Data("{".utf8).write(to: folder.file("broken.json"))
        try refused(["train", "nowhere", "--recipe", "broken.json"], "broken.json")
        #expect(folder.names == ["broken.json"], "nothing is written by a refused command")
    }

    @Test func trainEvaluatePredict() throws {
        let images = try MadeImages()
        let run = images.run("a")
        let arguments =
            ["train", images.root.path, "--output", run.url.path, "--phases", "stem:1"] + Self.quick
        let trained = try Program.run(arguments + ["--json", "--quiet"])
        #expect(trained.code == 0, "\(trained.errors)")
        let record = try JSONDecoder().decode(Status.self, from: Data(trained.output.utf8))
        #expect(record.status == "finished" && record.classes == ["across", "upright"])
        #expect(!trained.errors.contains("epoch"), "--quiet leaves warnings only")
        #expect(FileManager.default.fileExists(atPath: run.report.path))

        let again = try Program.run(arguments)
        #expect(again.code == 2 && again.errors.contains("already holds a run"))

        let first = try Program.run(["evaluate", run.url.path, "--strict"])
        #expect(first.code == 0 && first.output.contains("This was the first use of this test set."))
        let second = try Program.run(["evaluate", run.url.path, "--strict"])
        #expect(second.code == 3 && second.output.isEmpty)
        let third = try Program.run(["evaluate", run.url.path])
        #expect(third.code == 0 && third.output.contains("This was the second use of this test set:"))

        try Data("no image".utf8).write(to: images.root.appending(path: "bad.jpg"))
        let good = "test/across/0.ppm"
        let predicted = try Program.run(
            ["predict", run.url.path, good, "bad.jpg", images.root.path + "/" + good, "--format", "csv"],
            in: images.root)
        #expect(predicted.code == 1 && predicted.errors.contains("bad.jpg"))
        // The same file twice, of a set that evaluate has used; and a broken one.
        #expect(
            predicted.errors.contains(
                "2 of 3 images belong to a test set that evaluate has used; this look at them is not counted"),
            "\(predicted.errors)")
        let unused = try Program.run(
            ["predict", run.url.path, good], in: images.root,
            environment: ["XDG_STATE_HOME": images.root.appending(path: "state").path])
        #expect(unused.code == 0 && !unused.errors.contains("test set"))
        let rows = try CSV.parse(predicted.output)
        #expect(
            rows[0] == [
                "path", "predicted", "probability", "p_across", "p_upright", "rejected", "distance", "place",
                "error",
            ])
        #expect(rows.dropFirst().map { $0[0] } == [good, "bad.jpg", images.root.path + "/" + good])
        #expect(rows[2][1].isEmpty && !rows[2][8].isEmpty)
        #expect(rows[1][1] == rows[3][1] && !rows[1][1].isEmpty)
        #expect(rows[1][2...4] == rows[3][2...4])
    }

    /// Beyond four a core threads only take turns.
    @Test func threadsFarAboveTheCoresAreCapped() throws {
        let cores = ProcessorCount.available
        let warning =
            "warning: --threads 1024: there \(cores == 1 ? "is 1 core" : "are \(cores) cores") here, "
            + "\(4 * cores) threads are used\n"
        let many = try Program.run(["predict", "nowhere.onnx", "x.jpg", "--threads", "1024"])
        #expect(cores > 256 || many.errors.hasPrefix(warning), "\(many.errors)")
        #expect(
            try !Program.run(["predict", "no.onnx", "x", "--threads", "\(4 * cores)"]).errors.contains(
                "cores"))
        let workers = try Program.run(["evaluate", "nowhere", "--workers", "256"])
        #expect(cores > 64 || workers.errors.contains("--workers 256: there "), "\(workers.errors)")
    }

    @Test func aPrintedRecipeIsReadBack() throws {
        let folder = try TemporaryFolder()
        let flags = ["--batch-size", "7", "--stage-lr", "layer3=0.5", "--fit", "pad", "--print-recipe"]
        let printed = try Program.run(["train", "x"] + flags)
        #expect(printed.code == 0 && printed.output.contains("\"batchSize\" : 7"))
        try Data(printed.output.utf8).write(to: folder.file("mine.json"))
        let back = try Program.run(
            ["train", "x", "--recipe", "mine.json", "--print-recipe"], in: folder.url)
        #expect(back.output == printed.output)
    }

    /// A class of --class-weights that does not exist is named before any image is opened.
    @Test func anUnknownClassIsRefused() throws {
        let folder = try MadeDataset(
            ["train/good/1.png", "train/good/2.png", "train/bad/1.png", "train/bad/2.png"], empty: true)
        let refused = try Program.run([
            "train", folder.path, "--output", folder.path + "/run", "--class-weights", "god=1,bad=2",
        ])
        #expect(refused.code == 2 && refused.output.isEmpty)
        #expect(
            refused.errors.contains("--class-weights: no class is called god; did you mean good?"),
            "\(refused.errors)")
    }

    /// A misspelt key would leave the number as it was, without a word.
    @Test func aRecipeOfAnEarlierVersionIsRead() throws {
        let folder = try TemporaryFolder()
        let printed = try Program.run(["train", "x", "--print-recipe"]).output
        let now = try #require(printed.range(of: #""l2Strengths" : \[[^\]]*\]"#, options: .regularExpression))
        let earlier = printed.replacingCharacters(
            in: now, with: #""learningRates" : [0.03], "steps" : 300, "weightDecays" : [0.2]"#)
        try Data(earlier.utf8).write(to: folder.file("earlier.json"))
        let read = try Program.run(
            ["train", "x", "--recipe", "earlier.json", "--print-recipe"], in: folder.url)
        #expect(read.code == 0 && read.output == printed, "\(read.errors)")
    }

    @Test func aRecipeWithAnUnknownKeyIsRefused() throws {
        let folder = try TemporaryFolder()
        let printed = try Program.run(["train", "x", "--print-recipe"])
        for (right, wrong, message) in [
            ("\"labelSmoothing\"", "\"labelSmoting\"", "labelSmoting: did you mean labelSmoothing?"),
            (
                "\"labelSmoothing\"", "\"labelSmooting\" : 0.3, \"labelSmoothing\"",
                "labelSmooting: did you mean labelSmoothing?"
            ),
            (
                "\"gradientClipping\"", "\"gradientCliping\"",
                "gradientCliping: did you mean gradientClipping?"
            ),
            (
                "\"horizontalFlip\"", "\"horizontalFilp\" : 1, \"horizontalFlip\"",
                "augmentation.horizontalFilp: did you mean horizontalFlip?"
            ),
        ] {
            let text = printed.output.replacingOccurrences(of: right, with: wrong)
            #expect(text != printed.output)
            try Data(text.utf8).write(to: folder.file("mine.json"))
            let refused = try Program.run(
                ["train", "x", "--recipe", "mine.json", "--print-recipe"], in: folder.url)
            #expect(refused.code == 2 && refused.output.isEmpty)
            #expect(
                refused.errors.contains("--recipe mine.json: unknown key " + message), "\(refused.errors)")
        }
    }

    @Test func ctrlCSavesAndResumeGoesOn() throws {
        let images = try MadeImages(test: 0)
        let run = images.run("a")
        let arguments = ["train", images.root.path, "--output", run.url.path] + Self.quick
        let stopped = try Program.run(
            arguments + ["--phases", "head:12", "--patience", "0"], interruptAfter: "epoch 2")
        #expect(stopped.code == 1 && stopped.errors.contains("--resume"), "\(stopped.errors)")
        // Without --weights: the checkpoint holds what the pretrained network was for.
        let resumed = try Program.run(
            ["train", images.root.path, "--output", run.url.path] + Self.quick.dropFirst(2)
                + ["--phases", "head:12", "--patience", "0", "--resume", "--json"])
        #expect(resumed.code == 0 && !resumed.errors.contains("weights"), "\(resumed.errors)")
        let history = try EpochRecord.history(from: run.metrics)
        #expect(history.map(\.epoch) == Array(1...12))
    }

    private struct Status: Decodable {
        var status: String
        var classes: [String]
    }
}
