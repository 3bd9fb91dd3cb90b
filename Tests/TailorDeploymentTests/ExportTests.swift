import Foundation
import Tailor
import TestSupport
import Testing

/// A run becomes a file.
@Suite(.serialized) struct ExportTests {
    /// Trained once for all tests.
    static let run = Result { () -> MadeImages in
        let images = try MadeImages()
        let bundled = try PretrainedWeights.load(.bundled) { _ in }
        try train(
            images, .tiny(phases: [Phase(trainableFrom: .layer4, epochs: 2)], probe: LinearProbe()),
            into: "a",
            weights: bundled)
        _ = try TestEvaluation.run(TrainedModel(images.run("a")), options: .init())
        return images
    }

    private func trainedModel() throws -> (MadeImages, TrainedModel) {
        let images = try Self.run.get()
        return (images, try TrainedModel(images.run("a")))
    }

    @Test func int8PassesTheGateAndDescribesItself() throws {
        let (images, trained) = try trainedModel()
        let url = images.root.appending(path: "model.onnx")
        let report = try ModelExporter(trained, options: .init(threads: 2)).export(to: url)
        #expect(report.bytes < 11_500_000 && report.floatBytes > 44_000_000)
        #expect(report.differenceFromTraining < 1e-4)
        let gate = try #require(report.gate)
        #expect(gate.passes && gate.images == 12 && gate.calibrationImages == 24)
        #expect(gate.largestLogitDifference > 0)

        let file = try ModelFile(contentsOf: url)
        #expect(file.description.classes == ["across", "upright"])
        #expect(file.description.preprocessing == trained.record.preprocessing)
        #expect(file.description.calibration.temperature == trained.temperature)
        #expect(file.description.dataset?.fingerprint == trained.record.dataset.fingerprint)
        #expect(file.description.dataset?.trainCounts == [12, 12])
        #expect(file.description.weights?.name == "bundled")
        #expect(file.description.test?.testUses == 1 && file.description.test?.images == 12)
        #expect(file.description.quantization?.agreement == gate.agreement)
        #expect(file.description.golden.count == 3)

        // The same class and nearly the same probability as by libtorch, for images it never saw.
        let folder = images.root.appending(path: "test").path
        let expected = try Predictor(trained).predict([folder])
        let classifier = try Classifier(contentsOf: url, options: .init(threads: 2, cacheFolder: nil))
        let got = try classifier.predict(files: ImageFiles.expand([folder]))
        #expect(got.map(\.path) == expected.map(\.path) && got.count == 12)
        #expect(got.map(\.classification?.label) == expected.map(\.classification?.label))
    }

    /// Training, its evaluation and the exported file scale 16-bit images alike.
    @Test func anIntensityRangeIsStored() throws {
        let images = try MadeImages()
        let deep = images.root.appending(path: "deep")
        let eight = images.root.appending(path: "eight")
        let names = try FileManager.default.subpathsOfDirectory(atPath: images.root.path)
            .filter { $0.hasSuffix(".ppm") }
        for name in names {
            let image = try ImageDecoder().decode(contentsOf: images.root.appending(path: name))
            let levels = stride(from: 0, to: image.pixels.count, by: 3).map { Int(image.pixels[$0]) }
            for (folder, maximum, bytes) in [
                (deep, 65535, levels.flatMap { [UInt8(($0 * 16) >> 8), UInt8(($0 * 16) & 255)] }),
                (eight, 255, levels.map { UInt8($0) }),
            ] {
                let url = folder.appending(path: name.dropLast(3) + "pgm")
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try (Data("P5\n\(image.width) \(image.height)\n\(maximum)\n".utf8) + bytes).write(to: url)
            }
        }
        let range = try IntensityRange(low: 0, high: 4080)
        var recipe = Recipe.tiny(phases: [], probe: LinearProbe())
        recipe.preprocessing.intensityRange = range
        let bundled = try PretrainedWeights.load(.bundled) { _ in }
        func tuner(_ data: TrainingData, _ recipe: Recipe, _ name: String) throws -> FineTuner {
            try FineTuner(
                data: data, recipe: recipe, weights: bundled, seed: 3, machine: .init(),
                folder: images.run(name))
        }
        let plain = try TrainingData.prepare(deep, options: .init(seed: 3))
        #expect(throws: RecipeError.self) { try tuner(plain, recipe, "none") }
        let data = try TrainingData.prepare(deep, options: .init(seed: 3, intensityRange: range))
        let record = try tuner(data, recipe, "deep").run()
        #expect(record.preprocessing.intensityRange == range)

        // The same as training on what the range makes of the files.
        var plainRecipe = recipe
        plainRecipe.preprocessing.intensityRange = nil
        let scaled = try TrainingData.prepare(eight, options: .init(seed: 3))
        _ = try tuner(scaled, plainRecipe, "eight").run()
        let trained = try TrainedModel(images.run("deep"))
        let test = try TestEvaluation.run(trained, options: .init())
        let other = try TestEvaluation.run(TrainedModel(images.run("eight")), options: .init())
        #expect(test.evaluation.probabilities == other.evaluation.probabilities)
        let url = images.root.appending(path: "deep.onnx")
        _ = try ModelExporter(trained, options: .init(precision: .float32, threads: 2)).export(to: url)
        let classifier = try Classifier(
            contentsOf: url, options: .init(threads: 2, precision: .float32, cacheFolder: nil))
        let files = try ImageFiles.expand([deep.appending(path: "test").path])
        let exported = try classifier.logits(files: files.map { URL(fileURLWithPath: $0) })
        let probabilities = try exported.softmax(temperature: trained.temperature)
        #expect(test.samples.map(\.url.path) == files)
        for row in 0..<files.count {
            #expect(
                zip(probabilities[row], test.evaluation.probabilities[row])
                    .allSatisfy { abs($0 - $1) < 1e-3 })
        }
        let predicted = try Predictor(trained).predict(files).map(\.classification?.label)
        #expect(predicted == (try classifier.predict(files: files).map(\.classification?.label)))
    }

    /// A file that resizes by itself is judged on original images: where the short side is not the image's side,
    /// images that were resized before would be resized twice.
    @Test(arguments: [ModelDescription.WeightPrecision.int8, .float16]) func theShippedFileIsJudged(
        _ precision: ModelDescription.WeightPrecision
    ) throws {
        let images = try MadeImages(side: 96)
        var recipe = Recipe.tiny(phases: [Phase(trainableFrom: .layer4, epochs: 1)], probe: LinearProbe())
        recipe.preprocessing = Preprocessing(imageSize: 32, resizeShortSide: 64)
        // Run and file compute alike, whatever the run was trained in.
        recipe.precision = .bfloat16
        try train(images, recipe, into: "a", weights: PretrainedWeights.load(.bundled) { _ in })
        let trained = try TrainedModel(images.run("a"))
        let url = images.root.appending(path: "embedded.onnx")
        let report = try ModelExporter(
            trained,
            options: .init(
                precision: precision, input: .embedded, limits: .init(maximumDrop: 1, minimumAgreement: 0),
                rangeMethods: [.minmax], threads: 2)
        ).export(to: url)
        let gate = try #require(report.gate)

        let folder = images.root.appending(path: "val").path
        let (run, file) = (
            try Predictor(trained).predict([folder]),
            try Classifier(contentsOf: url, options: .init(threads: 2, cacheFolder: nil)).predict(
                files: ImageFiles.expand([folder]))
        )
        let pairs = try zip(run, file).map {
            (try #require($0.classification), try #require($1.classification))
        }
        try #require(pairs.count == gate.images && run.map(\.path) == file.map(\.path))
        let differences = pairs.map { pair in
            zip(pair.0.probabilities, pair.1.probabilities).map { abs($0 - $1) }.max() ?? 0
        }
        expectClose(differences.max() ?? 0, gate.largestProbabilityDifference, absolute: 2e-4)
        expectClose(
            differences.reduce(0, +) / Double(differences.count), gate.meanProbabilityDifference,
            absolute: 2e-4)
        #expect((differences.max() ?? 1) < 0.1)
        let right = zip(file, pairs).count { $0.path.contains("/\($1.1.label)/") }
        expectClose(gate.accuracyAfter, Double(right) / Double(pairs.count), absolute: 1e-12)
    }

    /// Two runs on the same images differ in nothing but their weights.
    @Test func theFileOfAnotherRunIsNotTestedAsThisOnes() throws {
        let (images, trained) = try trainedModel()
        let url = images.root.appending(path: "own.onnx")
        _ = try ModelExporter(trained, options: .init(precision: .float32, threads: 2)).export(to: url)
        _ = try TestEvaluation.ExportedModel(contentsOf: url, of: trained, threads: 1)
        try train(images, .tiny(phases: [Phase(trainableFrom: .head, epochs: 1)]), into: "other", seed: 9)
        let other = try TrainedModel(images.run("other"))
        let error = #expect(throws: DeploymentError.self) {
            try TestEvaluation.ExportedModel(contentsOf: url, of: other, threads: 1)
        }
        #expect("\(error.map(String.init(describing:)) ?? "")".contains("its weights (SHA-256 "))
    }

    @Test func theSameRunGivesTheSameBytes() throws {
        let (images, trained) = try trainedModel()
        let urls = ["a.onnx", "b.onnx"].map { images.root.appending(path: $0) }
        for url in urls {
            _ = try ModelExporter(trained, options: .init(rangeMethods: [.minmax], threads: 2)).export(
                to: url)
        }
        #expect(try Data(contentsOf: urls[0]) == Data(contentsOf: urls[1]))
    }

    /// Reading pictures anew for every pass, so that few are held, changes no byte.
    @Test func whatIsHeldInMemoryChangesNoByte() throws {
        let (images, trained) = try trainedModel()
        var files: [Data] = []
        for held in [0, 5 * 3 * 32 * 32, 256 << 20] {
            var options = ExportOptions(rangeMethods: [.minmax, .mse], maximumError: 0.5, threads: 2)
            options.cachedImageBytes = held
            let url = images.root.appending(path: "held-\(held).onnx")
            _ = try ModelExporter(trained, options: options).export(to: url)
            files.append(try Data(contentsOf: url))
        }
        #expect(files[0] == files[2] && files[1] == files[2])
    }

    @Test func fp32EqualsTrainingOnPicturesOfEveryShape() throws {
        let (images, trained) = try trainedModel()
        let url = images.root.appending(path: "fp32.onnx")
        _ = try ModelExporter(trained, options: .init(precision: .float32, threads: 2)).export(to: url)
        let folder = images.root.appending(path: "odd")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, width, height, header, bytesPerPixel) in [
            ("wide.ppm", 1920, 1080, "P6\n1920 1080\n255\n", 3),
            ("long.ppm", 100, 4000, "P6\n100 4000\n255\n", 3),
            ("grey.pgm", 300, 200, "P5\n300 200\n255\n", 1),
            ("deep.pgm", 300, 200, "P5\n300 200\n65535\n", 2),
            ("one.ppm", 1, 1, "P6\n1 1\n255\n", 3),
        ] {
            var data = Data(header.utf8)
            for index in 0..<width * height * bytesPerPixel {
                data.append(UInt8(truncatingIfNeeded: index * index / 977 + index / 13))
            }
            try data.write(to: folder.appending(path: name))
        }
        // Turned by EXIF, CMYK, alpha, palette, 16 bits: the files that decoding is tested with.
        let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../TailorImagesTests/Golden")
        let names = try FileManager.default.contentsOfDirectory(atPath: golden.path).filter {
            $0.hasSuffix(".png") || $0.hasSuffix(".jpg") || $0.hasSuffix(".tif") || $0.hasSuffix(".webp")
        }
        #expect(names.contains { $0.contains("cmyk") } && names.contains { $0.contains("orientation") })
        for name in names {
            try FileManager.default.copyItem(
                at: golden.appending(path: name), to: folder.appending(path: name))
        }
        let expected = try Predictor(trained).predict([folder.path])
        let classifier = try Classifier(
            contentsOf: url,
            options: .init(mode: .throughput, threads: 2, precision: .float32, cacheFolder: nil))
        let got = try classifier.predict(files: ImageFiles.expand([folder.path]))
        try #require(got.count == 5 + names.count && got.count == expected.count)
        for (mine, theirs) in zip(got, expected) {
            #expect(mine.path == theirs.path && (mine.error == nil) == (theirs.error == nil))
            guard mine.error == nil else { continue }
            let across = [mine, theirs].map { prediction in
                prediction.classification.flatMap { answer in
                    answer.classes.firstIndex(of: "across").map { answer.probabilities[$0] }
                }
            }
            let probabilities = try across.map { try #require($0) }
            expectClose(probabilities[0], probabilities[1], absolute: 1e-4, mine.path)
        }
        #expect(Set(got.compactMap { $0.classification?.probability }).count > 2)
    }

    @Test func theGateRefusesAndWritesNothing() throws {
        let (images, trained) = try trainedModel()
        let url = images.root.appending(path: "refused.onnx")
        // More than all images can keep their class.
        let error = #expect(throws: DeploymentError.self) {
            try ModelExporter(
                trained,
                options: .init(limits: .init(minimumAgreement: 1.01), rangeMethods: [.minmax], threads: 2)
            ).export(to: url)
        }
        guard case .gateRefused(let gate) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        // It tried: the most harmful layers went back to floats, one by one.
        #expect(gate.floatLayers.count == 10)
        #expect(!FileManager.default.fileExists(atPath: url.path))
        #expect("\(DeploymentError.gateRefused(gate))".contains("Nothing was written"))
    }

    @Test func changedImagesAreRefused() throws {
        let images = try MadeImages()
        try train(images, .tiny(), into: "b")
        let victim = images.root.appending(path: "val/across/0.ppm")
        var data = try Data(contentsOf: victim)
        data[data.count - 1] ^= 1
        try data.write(to: victim)
        let error = #expect(throws: RunError.self) {
            try ModelExporter(TrainedModel(images.run("b")), options: .init(threads: 2))
                .export(to: images.root.appending(path: "x.onnx"))
        }
        #expect("\(error.map(String.init(describing:)) ?? "")".contains("val/across/0.ppm"))
    }
}
