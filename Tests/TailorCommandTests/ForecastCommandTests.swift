import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// `advise`, and what `train` says and refuses before it reads an image.
@Suite struct ForecastCommandTests {
    private let images: MadeImages
    private let cache: TemporaryFolder

    init() throws {
        images = try MadeImages()
        cache = try TemporaryFolder()
    }

    private func run(_ arguments: String...) throws -> Program.Outcome {
        try Program.run(
            arguments, in: images.root, environment: ["XDG_CACHE_HOME": cache.url.path])
    }

    private static let small = [
        "--image-size", "32", "--train-image-size", "32", "--precision", "fp32", "--weights", "none",
    ]

    private func advise(_ arguments: String...) throws -> Forecast {
        let outcome = try Program.run(
            ["advise", images.root.path, "--json"] + Self.small + arguments, in: images.root,
            environment: ["XDG_CACHE_HOME": cache.url.path])
        #expect(outcome.code == 0, "\(outcome.errors)")
        return try JSONDecoder().decode(Forecast.self, from: Data(outcome.output.utf8))
    }

    @Test func measuresOnceAndForecasts() throws {
        let first = try advise("--epochs", "2", "--batch-size", "8")
        #expect(first.images.train == 24 && first.images.validation == 12 && first.images.classes == 2)
        #expect(first.images.meanPixels == 1600)
        let time = try #require(first.time)
        #expect(time.epochs.count == 1 && time.seconds > 0)
        let speeds = try Data(contentsOf: cache.file("tailor/speed.json"))
        let second = try advise("--epochs", "2", "--batch-size", "8")
        #expect(try Data(contentsOf: cache.file("tailor/speed.json")) == speeds)
        // Of the same speeds; only the images' own are measured each time.
        let epoch = try #require(second.time?.epochs.first).seconds
        #expect(abs(epoch / time.epochs[0].seconds - 1) < 0.2)
        #expect(second.memory.hostPeak.hostBytes > 100 << 20)
        let text = try run("advise", images.root.path, "--image-size", "32", "--weights", "none")
        for word in ["memory", "batch", "time", "disk"] {
            #expect(text.output.contains("\n\(word) "), "\(text.output)")
        }
    }

    @Test func imagesThatCannotBeReadAreSaid() throws {
        let arguments = ["advise", images.root.path, "--device", "cuda", "--memory", "12G"] + Self.small
        func advise() throws -> Program.Outcome {
            try Program.run(
                arguments, in: images.root, environment: ["XDG_CACHE_HOME": cache.url.path])
        }
        #expect(try advise().errors.isEmpty)
        try Data("no image".utf8).write(to: images.root.appending(path: "train/across/3.ppm"))
        let one = try advise()
        #expect(
            one.code == 0 && one.errors.contains("1 of the 36 images looked at cannot be read"),
            "\(one.errors)")
        for part in ["train", "val"] {
            for name in ["across", "upright"] {
                let folder = images.root.appending(path: "\(part)/\(name)")
                for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                    try Data("no image".utf8).write(to: folder.appending(path: file))
                }
            }
        }
        let none = try advise()
        #expect(none.code == 2 && none.output.isEmpty)
        #expect(none.errors.contains("none of the 36 images looked at can be read"), "\(none.errors)")
    }

    @Test func anotherMachineHasMemoryButNoTime() throws {
        let forecast = try advise("--device", "cuda", "--memory", "12G", "--batch-size", "8")
        if Device.cudaDeviceCount == 0 {
            #expect(forecast.time == nil && !forecast.isForThisMachine)
        }
        #expect(forecast.gpuLimit == Forecast.Limit(bytes: 12_000_000_000, isGiven: true))
        #expect(try #require(forecast.largestBatch) > 1000)
    }

    @Test func whatDoesNotFitIsRefusedBeforeAnythingIsReadOrWritten() throws {
        let outcome = try Program.run(
            ["train", images.root.path, "--output", "run", "--memory-limit", "100M"] + Self.small,
            in: images.root)
        #expect(outcome.code == 2)
        #expect(outcome.errors.contains("does not fit") && outcome.errors.contains("limit is 100 MB"))
        #expect(!FileManager.default.fileExists(atPath: images.root.appending(path: "run").path))
        let wrong = try run("train", images.root.path, "--memory-limit", "6")
        #expect(wrong.code == 2 && wrong.errors.contains("6G"))
    }

    @Test func aLimitedRunStaysBelow() throws {
        let limit = 720_000_000
        let outcome = try Program.run(
            [
                "train", images.root.path, "--output", "run", "--memory-limit", "\(limit / 1_000_000)M",
                "--epochs", "1", "--no-probe", "--batch-size", "24", "--image-size", "160",
                "--train-image-size", "160", "--precision", "fp32", "--weights", "none", "--batch-norm",
                "frozen",
            ], in: images.root)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("to stay below"))
        let record = try RunRecord.read(from: RunFolder(images.root.appending(path: "run")))
        let memory = try #require(record.memory)
        #expect(memory.peak < limit, "\(memory)")
        #expect(try #require(memory.forecast) < limit)
        #expect(record.recipe.batchSize == 24)
    }

    @Test func eventFilesForTensorBoard() throws {
        func train(_ output: String) throws -> Program.Outcome {
            try Program.run(
                [
                    "train", images.root.path, "--output", output, "--tensorboard", "--epochs", "1",
                    "--no-probe",
                    "--batch-size", "8",
                ] + Self.small, in: images.root)
        }
        #expect(try train("logged").code == 0)
        let folder = images.root.appending(path: "logged/tensorboard")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["result", "seed-1"])
        // What cannot be written ends the log, not the run.
        try FileManager.default.createDirectory(
            at: images.root.appending(path: "blocked"), withIntermediateDirectories: true)
        try Data().write(to: images.root.appending(path: "blocked/tensorboard"))
        let blocked = try train("blocked")
        #expect(blocked.code == 0 || blocked.code == 2, "\(blocked.errors)")
        #expect(blocked.errors.contains("tensorboard") || blocked.errors.contains("TensorBoard"))
    }
}
