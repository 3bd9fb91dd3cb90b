import Foundation
import Tailor
import TailorDatasets
import TailorFineTuning
import TailorSplitting
import TailorSupport
import TestSupport
import Testing

/// Serialized because libtorch's threads are shared.
@Suite(.serialized) struct CrossValidationTests {
    private let machine = FineTuner.Machine(device: .cpu, workers: 2)

    private func recipe() -> Recipe {
        Recipe.tiny(phases: [Phase(trainableFrom: .layer4, epochs: 1)], probe: LinearProbe())
    }

    /// Cross-validates; stops after so many optimiser steps.
    private func judged(
        _ images: MadeImages, folds count: Int, into name: String, stopAfterSteps: Int? = nil
    ) throws -> RunRecord {
        let data = try TrainingData.prepare(images.root, options: .init(seed: 3))
        var steps = 0
        return try CrossValidation.run(
            try data.folds(count, seed: 3), of: images.run(name), machine: machine
        ) { part, folder in
            try FineTuner(
                data: part, recipe: recipe(), weights: nil, seed: 3, machine: machine, folder: folder
            ).run(
                resume: folder.hasRecord, shouldStop: { stopAfterSteps.map { steps >= $0 } ?? false },
                report: { if case .step = $0 { steps += 1 } })
        } report: { _ in
        }
    }

    @Test func everyImageIsLeftOutOnceAndNeverTrained() throws {
        let images = try MadeImages(train: 8, validation: 4, test: 0)
        let data = try TrainingData.prepare(images.root, options: .init(seed: 3))
        let folds = try data.folds(3, seed: 3)
        let all = (data.train + data.validation).map(\.relativePath).sorted()
        #expect(folds.flatMap { $0.held.map(\.relativePath) }.sorted() == all)
        for fold in folds {
            let held = Set(fold.held.map(\.relativePath))
            let used = (fold.data.train + fold.data.validation).map(\.relativePath)
            #expect(held.isDisjoint(with: used) && held.count + Set(used).count == all.count)
            #expect(Set(fold.held.map(\.label)) == [0, 1] && fold.held.count == 8)
            // A third of all images validates, of those that are left too.
            #expect(fold.data.validation.count == 6 && Set(fold.data.validation.map(\.label)) == [0, 1])
        }
        #expect(Set(folds.map(\.data.fingerprint)).count == 3)
        #expect(try data.folds(3, seed: 3).map(\.data.fingerprint) == folds.map(\.data.fingerprint))
    }

    @Test func setsStayTogether() throws {
        let samples = (0..<12).map { Sample(root: "", relativePath: "\($0).png", label: $0 % 2) }
        let classes = ClassList(names: ["a", "b"])
        let together = [[0, 1, 2], [3, 4], [5, 6, 7]]
        let folds = try foldNumbers(samples, classes: classes, count: 3, seed: 1, together: together)
        for set in together { #expect(Set(set.map { folds[$0] }).count == 1, "\(set)") }
        #expect(Set(folds) == [0, 1, 2])
        for count in [-1, 0, 1, 13] {
            #expect(throws: SplitError.self) {
                try foldNumbers(samples, classes: classes, count: count, seed: 1, together: [])
            }
        }
        // All of class b belong together: whoever is trained without them cannot know them.
        #expect(throws: SplitError.self) {
            try foldNumbers(
                samples, classes: classes, count: 3, seed: 1, together: [[1, 3, 5, 7, 9, 11]])
        }
    }

    @Test func theFiguresAreThoseOfTheAnswersToUnseenImages() throws {
        let images = try MadeImages(train: 8, validation: 4, test: 0)
        try train(images, recipe(), into: "a")
        let record = try judged(images, folds: 3, into: "a")
        let found = try #require(record.crossValidation)
        let rows = try CSV.parse(
            String(contentsOf: images.run("a").foldPredictions, encoding: .utf8)
        ).dropFirst()
        #expect(found.folds == 3 && found.images == 24 && rows.count == 24)
        let right = rows.count { $0[1] == $0[2] }
        expectClose(found.accuracy, Double(right) / 24, absolute: 1e-12)
        #expect(found.macroF1OfFolds.count == 3)
        #expect(found.macroF1Low <= found.macroF1 && found.macroF1 <= found.macroF1High)
        #expect(try RunRecord.read(from: images.run("a")).crossValidation == found)
        #expect(!FileManager.default.fileExists(atPath: images.run("a").folds.path))
        // Asked again, nothing is trained.
        #expect(try judged(images, folds: 3, into: "a", stopAfterSteps: 0).crossValidation == found)
    }

    @Test func anInterruptedOneGoesOnToTheSameAnswers() throws {
        let images = try MadeImages(train: 8, validation: 4, test: 0)
        for name in ["a", "b"] { try train(images, recipe(), into: name) }
        var whole = try #require(try judged(images, folds: 3, into: "a").crossValidation)
        #expect(try judged(images, folds: 3, into: "b", stopAfterSteps: 3).crossValidation == nil)
        #expect(FileManager.default.fileExists(atPath: images.run("b").folds.path))
        var resumed = try #require(try judged(images, folds: 3, into: "b").crossValidation)
        (whole.seconds, resumed.seconds) = (0, 0)
        #expect(resumed == whole)
        #expect(
            try Data(contentsOf: images.run("a").foldPredictions)
                == Data(contentsOf: images.run("b").foldPredictions))
    }
}
