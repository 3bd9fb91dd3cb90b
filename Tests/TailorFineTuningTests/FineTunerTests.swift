import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// Whole runs on made images; serialized because libtorch's threads are shared.
@Suite(.serialized) struct FineTunerTests {
    @Test func reachesItsAccuracyAndWritesTheRunFolder() throws {
        let images = try MadeImages()
        let bundled = try PretrainedWeights.load(.bundled) { _ in }
        let record = try train(
            images, .tiny(phases: [Phase(trainableFrom: .layer4, epochs: 2)], probe: LinearProbe()),
            into: "a",
            weights: bundled)
        #expect(record.status == .finished)
        #expect((record.best?.validationAccuracy ?? 0) >= 0.9)
        #expect(record.classes == ["across", "upright"])
        let folder = images.run("a")
        for url in [
            folder.record, folder.recipe, folder.metrics, folder.datasetFiles, folder.bestWeights,
            folder.lastWeights,
            folder.validationPredictions,
        ] {
            #expect(FileManager.default.fileExists(atPath: url.path), "\(url.lastPathComponent)")
        }
        let rows = try CSV.parse(String(contentsOf: folder.metrics, encoding: .utf8))
        #expect(
            rows[0] == [
                "epoch", "phase", "train_loss", "val_loss", "val_accuracy", "val_macro_f1",
                "images_per_second", "seconds", "step", "best", "lr_stem", "lr_layer1", "lr_layer2",
                "lr_layer3", "lr_layer4", "lr_head", "seed",
            ])
        // Frozen stages stand still; the cosine's last step is not yet at 0.
        #expect(rows[3][10...13].allSatisfy { $0 == "0" } && Double(rows[3][14]) ?? 0 > 0)
        #expect(rows.dropFirst().map { $0[0] + $0[1] } == ["0probe", "1layer4", "2layer4"])
        let metadata = try Safetensors.read(folder.bestWeights).metadata
        #expect(metadata["classes"] == #"["across","upright"]"#)
        #expect(try EpochRecord.history(from: folder.metrics).count == 3)

        // The test images: opened once, counted, refused the second time under --strict.
        let trained = try TrainedModel(folder)
        let result = try TestEvaluation.run(trained, options: .init(command: ["test"]))
        #expect(result.testUses == 1)
        #expect(result.evaluation.metrics.accuracy >= 0.9)
        #expect(result.warnings.allSatisfy { !$0.contains("also used in training") })
        #expect(throws: TestSetAlreadyUsed.self) {
            try TestEvaluation.run(trained, options: .init(strict: true))
        }
        #expect(try TestEvaluation.run(trained, options: .init()).testUses == 2)

        // Prediction names what it cannot read and answers for the rest.
        let bad = images.root.appending(path: "bad.jpg")
        try Data("not an image".utf8).write(to: bad)
        let answers = try Predictor(trained).predict([
            bad.path, images.root.appending(path: "test/upright").path,
        ])
        #expect(answers.count == 7)
        #expect(answers[0].classification == nil && answers[0].error?.contains("bad.jpg") == true)
        #expect(answers.dropFirst().filter { $0.classification?.label == "upright" }.count >= 5)
        #expect(throws: RunError.self) { try train(images, .tiny(), into: "a") }
    }

    @Test func anInterruptedRunEndsBitIdentical() throws {
        let images = try MadeImages(test: 0)
        var recipe = Recipe.tiny()
        recipe.batchNorm = .task
        recipe.weightAveraging = 0.9
        _ = try train(images, recipe, into: "whole")
        for stop in [1, 3, 4] {
            let name = "stopped-\(stop)"
            let first = try train(images, recipe, into: name, stopAfterSteps: stop)
            #expect(first.status == .interrupted)
            if stop == 4 {  // an epoch is done, so there is a model
                let refusal = #expect(throws: RunError.self) {
                    try TestEvaluation.run(TrainedModel(images.run(name)), options: .init())
                }
                #expect(refusal?.description.contains("did not finish") == true)
            }
            let second = try train(images, recipe, into: name, resume: true)
            #expect(second.status == .finished)
            for file in ["last.safetensors", "best.safetensors", "predictions_val.csv"] {
                let whole = try Data(contentsOf: images.run("whole").url.appending(path: file))
                let resumed = try Data(contentsOf: images.run(name).url.appending(path: file))
                #expect(whole == resumed, "\(file) after a stop at step \(stop)")
            }
        }
    }

    @Test func aRunStoppedInOrAfterItsProbeGoesOn() throws {
        let images = try MadeImages(train: 6, validation: 2, test: 0)
        var probe = LinearProbe()
        probe.l2Strengths = [0.1, 0.01]
        let recipe = Recipe.tiny(phases: [Phase(trainableFrom: .layer4, epochs: 1)], probe: probe)
        _ = try train(images, recipe, into: "whole")
        #expect(try train(images, recipe, into: "early", stopAfterSteps: 0).status == .interrupted)
        #expect(try EpochRecord.history(from: images.run("early").metrics).isEmpty)
        #expect(try train(images, recipe, into: "late", stopAfterSteps: 1).status == .interrupted)
        for name in ["early", "late"] {
            #expect(try train(images, recipe, into: name, resume: true).status == .finished)
            #expect(
                try Data(contentsOf: images.run(name).lastWeights)
                    == Data(contentsOf: images.run("whole").lastWeights), "\(name)")
            #expect(try EpochRecord.history(from: images.run(name).metrics).map(\.epoch) == [0, 1])
        }
    }

    /// One step's average, 0.1 of the weights before and 0.9 of those after it.
    @Test func whatIsKeptIsTheMovingAverage() throws {
        let images = try MadeImages(train: 4, validation: 2, test: 0)
        var recipe = Recipe.tiny(phases: [Phase(trainableFrom: .stem, epochs: 1)])
        recipe.batchNorm = .task
        _ = try train(images, recipe, into: "plain")
        recipe.weightAveraging = 0.9
        _ = try train(images, recipe, into: "averaged")
        let after = try Safetensors.read(images.run("plain").lastWeights).tensors
        let kept = try Safetensors.read(images.run("averaged").lastWeights).tensors
        for (name, tensor) in try ResNet18(classCount: 2, seed: 3).parameters.map({ ($0.name, $0.tensor) }) {
            let (a, b) = (try tensor.floats(), try #require(after[name]).floats())
            #expect(a != b, "\(name) must have moved")
            try #require(a.count == b.count)
            expectClose(
                try #require(kept[name]).floats(), zip(a, b).map { 0.1 * $0 + 0.9 * $1 }, absolute: 1e-6, name
            )
        }
    }

    @Test func loaderThreadsChangeNothing() throws {
        let images = try MadeImages(train: 6, validation: 2, test: 0)
        let recipe = Recipe.tiny(phases: [Phase(trainableFrom: .stem, epochs: 1)])
        _ = try train(images, recipe, into: "one", workers: 1)
        _ = try train(images, recipe, into: "four", workers: 4)
        let one = try Data(contentsOf: images.run("one").lastWeights)
        #expect(one == (try Data(contentsOf: images.run("four").lastWeights)))
        _ = try train(images, recipe, into: "other-seed", seed: 4)
        #expect(one != (try Data(contentsOf: images.run("other-seed").lastWeights)))
    }

    @Test func damagedCheckpointFallsBackAndAnotherRunIsRefused() throws {
        let images = try MadeImages(train: 6, validation: 2, test: 0)
        let recipe = Recipe.tiny(phases: [Phase(trainableFrom: .stem, epochs: 3)])
        _ = try train(images, recipe, into: "whole")
        _ = try train(images, recipe, into: "hurt", stopAfterSteps: 5)
        let folder = images.run("hurt")
        let state = folder.checkpoint.appending(path: "state.json")
        var bytes = try Data(contentsOf: state)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: state)
        _ = try train(images, recipe, into: "hurt", resume: true)
        #expect(
            try Data(contentsOf: folder.lastWeights) == Data(contentsOf: images.run("whole").lastWeights),
            "the checkpoint before it leads to the same end")

        var other = recipe
        other.labelSmoothing = 0.3
        let error = #expect(throws: RunError.self) { try train(images, other, into: "hurt", resume: true) }
        #expect(
            error?.description.hasSuffix("this is no longer the same run: --label-smoothing 0.1, now 0.3")
                == true,
            "\(error?.description ?? "")")
        #expect(throws: RunError.self) { try train(images, recipe, into: "nothing", resume: true) }
    }

    /// What fails before anything was learnt does not block its folder, and takes nothing else along.
    @Test func aRunThatComesToNothingLeavesNothing() throws {
        let images = try MadeImages(train: 6, validation: 2, test: 0)
        let recipe = Recipe.tiny(phases: [Phase(trainableFrom: .stem, epochs: 1)])
        let manager = FileManager.default
        #expect(throws: RunError.self) { try train(images, recipe, into: "new/run", resume: true) }
        #expect(!manager.fileExists(atPath: images.run("new").url.deletingLastPathComponent().path))

        // A folder of the user's is where the third file of a run should go: refused before the work.
        let folder = images.run("taken")
        try manager.createDirectory(at: folder.datasetFiles, withIntermediateDirectories: true)
        let refusal = #expect(throws: RunError.self) { try train(images, recipe, into: "taken") }
        #expect(refusal?.description.contains("holds dataset.csv, which a run would write over") == true)
        #expect(try manager.contentsOfDirectory(atPath: folder.url.path) == ["dataset.csv"])
        try manager.removeItem(at: folder.datasetFiles)
        // What others put there meanwhile stays.
        let before = FolderSnapshot(of: folder)
        try Data("mine".utf8).write(to: folder.url.appending(path: "notes.txt"))
        try Data().write(to: folder.record)
        before.restore()
        #expect(try manager.contentsOfDirectory(atPath: folder.url.path) == ["notes.txt"])
        #expect(try train(images, recipe, into: "taken").status == .finished)
    }

    @Test func whatCannotBecomeARunFolderIsRefused() throws {
        let folder = try TemporaryFolder()
        let file = try folder.file("file", [1])
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("dangling").path, withDestinationPath: "nowhere")
        for url in [file, file.appending(path: "sub"), folder.file("dangling")] {
            let error = #expect(throws: RunError.self) { try RunFolder(url).checkUsable(resume: false) }
            #expect(error?.description.contains("exists and is no folder") == true)
            #expect(error?.category == .input)
        }
        #if os(Linux)
            let unwritable = #expect(throws: RunError.self) {
                try RunFolder(URL(filePath: "/proc/run")).checkUsable(resume: false)
            }
            #expect(unwritable?.description.hasPrefix("/proc/run: cannot create the run folder: ") == true)
        #endif
        try RunFolder(folder.file("new/er")).checkUsable(resume: false)
        #expect(throws: RunError.self) { try RunFolder(folder.file("new")).checkUsable(resume: true) }
        #expect(folder.names == ["dangling", "file"])
    }

    @Test func aFinishedRunIsNotContinued() throws {
        let images = try MadeImages(train: 6, validation: 2, test: 0)
        var recipe = Recipe.tiny(phases: [Phase(trainableFrom: .head, epochs: 1)])
        try train(images, recipe, into: "done")
        let folder = images.run("done").url
        func contents() throws -> [String: Data] {
            let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            return Dictionary(
                uniqueKeysWithValues: names.map {
                    ($0, (try? Data(contentsOf: folder.appending(path: $0))) ?? Data())
                })
        }
        let before = try contents()
        #expect(try train(images, recipe, into: "done", resume: true).status == .finished)
        #expect(try contents() == before)
        recipe.labelSmoothing = 0.3
        let error = #expect(throws: RunError.self) { try train(images, recipe, into: "done", resume: true) }
        #expect(
            error?.description.hasSuffix("this is no longer the same run: --label-smoothing 0.1, now 0.3")
                == true,
            "\(error?.description ?? "")")
        recipe.labelSmoothing = 0.1
        try FileManager.default.removeItem(at: images.root.appending(path: "train/across/1.ppm"))
        let missing = #expect(throws: RunError.self) {
            try train(images, recipe, into: "done", seed: 4, resume: true)
        }
        #expect(
            missing?.description.hasSuffix(
                "--seed 3, now 4; the training or validation images differ: 1 image missing (train/across/1.ppm)"
            )
                == true,
            "\(missing?.description ?? "")")
        #expect(try contents() == before)
    }

    @Test func warningsSurviveAResume() throws {
        let images = try MadeImages(train: 6, validation: 2, test: 0)
        let recipe = Recipe.tiny(phases: [Phase(trainableFrom: .head, epochs: 3)])
        var record = try train(images, recipe, into: "warned", stopAfterSteps: 3)
        #expect(record.status == .interrupted)
        record.warnings.append("something was odd")
        let own = record.warnings.dropLast()
        try record.write(to: images.run("warned"))
        let resumed = try train(images, recipe, into: "warned", resume: true)
        #expect(resumed.status == .finished && resumed.warnings == ["something was odd"] + own)
        #expect((resumed.seconds ?? 0) > (record.seconds ?? .infinity))
    }

    @Test func aLossThatIsNotFiniteStopsTheRun() throws {
        let images = try MadeImages(train: 6, validation: 2, test: 0)
        var recipe = Recipe.tiny(phases: [Phase(trainableFrom: .stem, epochs: 3)])
        recipe.learningRates = .uniform(1e6)
        recipe.gradientClipping = nil
        let error = #expect(throws: RunError.self) { try train(images, recipe, into: "nan") }
        #expect(error?.description.contains("is not finite") == true)
        #expect(try RunRecord.read(from: images.run("nan")).status == .failed)
    }

    @Test func accumulationChangesNoGradient() throws {
        let images = try MadeImages(train: 8, validation: 2, test: 0)
        // Only the head learns, so that batch-norm statistics play no part; unequal weights do.
        var recipe = Recipe.tiny(phases: [Phase(trainableFrom: .head, epochs: 2)])
        recipe.imbalance = .weights("across=1,upright=4")
        _ = try train(images, recipe, into: "one")
        recipe.accumulationSteps = 4
        _ = try train(images, recipe, into: "four")
        let one = try Safetensors.read(images.run("one").lastWeights).tensors
        let four = try Safetensors.read(images.run("four").lastWeights).tensors
        let expected = try #require(one["fc.weight"]).floats()
        let got = try #require(four["fc.weight"]).floats()
        #expect(expected.count == 1024 && got.count == 1024)
        let start = try ResNet18(classCount: 2, seed: 3).parameters.first { $0.name == "fc.weight" }
        let before = try #require(start).tensor.floats()
        #expect(zip(before, expected).contains { abs($0 - $1) > 1e-3 }, "the head must have moved")
        expectClose(got, expected, absolute: 2e-6)
    }

    @Test func frozenStagesKeepWeightsAndStatistics() throws {
        let images = try MadeImages(train: 6, validation: 2, test: 0)
        _ = try train(images, .tiny(phases: [Phase(trainableFrom: .layer4, epochs: 1)]), into: "a")
        let trained = try Safetensors.read(images.run("a").lastWeights).tensors
        let before = try ResNet18(classCount: 2, seed: 3)
        for (name, tensor) in before.stateDictionary() where tensor.dtype == .float32 {
            let after = try #require(trained[name]).floats()
            let isFrozen = !name.hasPrefix("layer4.") && !name.hasPrefix("fc.")
            #expect((after == (try tensor.floats())) == isFrozen, "\(name)")
        }
    }
}
