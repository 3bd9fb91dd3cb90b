import Foundation
import TestSupport
import Testing

/// An option that the chosen path ignores is refused.
@Suite struct UnusedOptionTests {
    @Test(arguments: [
        (["check", "x", "--no-features", "--weights", "none"], "--weights: only features need a network"),
        (
            ["check", "x", "--no-features", "--probabilities", "p.csv"],
            "--probabilities: only features need a network"
        ),
        (
            ["check", "x", "--no-features", "--device", "cpu", "--weights", "bundled"],
            "--weights, --device: only features need a network; leave out --no-features"
        ),
        (
            ["check", "x", "--no-features", "--report", "y.txt", "--fix", "./y.txt"],
            "--report, --fix: both name"
        ),
        (
            ["split", "x", "y", "--weights", "bundled", "--device", "cpu", "--threads", "1"],
            "--weights, --device, --threads: only --features needs a network"
        ),
        (
            ["split", "x", "y", "--features", "--no-near-duplicates"],
            "--features: it serves the look for copies"
        ),
        (
            ["train", "x", "--no-probe", "--probe-views", "2", "--print-recipe"],
            "--probe-views: no linear probe"
        ),
        (
            ["train", "x", "--recipe", "guide", "--probe-views", "2", "--print-recipe"],
            "--probe-views: no linear"
        ),
        (
            ["train", "x", "--patience", "0", "--stop-on", "val_loss", "--print-recipe"],
            "--stop-on: --patience 0"
        ),
        (
            ["train", "x", "--optimizer", "sgd", "--beta2", "0.9", "--print-recipe"],
            "--beta2: sgd has none"
        ),
        (
            ["train", "x", "--optimizer", "adamw", "--nesterov", "--print-recipe"],
            "--nesterov: adamw has no such"
        ),
    ])
    func refused(arguments: [String], text: String) throws {
        let outcome = try Program.run(arguments)
        #expect(outcome.code == 2 && outcome.output.isEmpty, "\(outcome.errors)")
        #expect(outcome.errors.contains(text), "\(outcome.errors)")
    }

    @Test func shares() throws {
        let made = try MadeDataset(
            ["train/a/1.ppm", "train/b/2.ppm", "val/a/3.ppm", "val/b/4.ppm", "img/5.ppm", "img/6.ppm"])
        let train = try Program.run(["train", ".", "--validation-share", "0.3"], in: made.url)
        #expect(train.code == 2 && train.errors.contains("Leave out --validation-share"), "\(train.errors)")
        #expect(!FileManager.default.fileExists(atPath: made.path + "/runs"))
        try made.write(
            Data("split,path,label\ntrain,img/5.ppm,a\ntest,img/6.ppm,b\n".utf8), to: "l.csv")
        let split = try Program.run(["split", "l.csv", "out", "--val", "0.1", "--seed", "2"], in: made.url)
        #expect(split.code == 2 && split.errors.contains("--val, --seed: "), "\(split.errors)")
        #expect(!FileManager.default.fileExists(atPath: made.path + "/out"))
        let followed = try Program.run(["split", "l.csv", "out"], in: made.url)
        #expect(followed.code == 0 && followed.errors.contains("divided as the column split says"))
        #expect(FileManager.default.fileExists(atPath: made.path + "/out/test/b/6.ppm"))
        #expect(!followed.output.contains("wanted"), "\(followed.output)")
    }
}
