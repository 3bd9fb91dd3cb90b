import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// Training with decisions about labels: what is trained, recorded, and found again.
@Suite struct DecisionTrainingTests {
    private let images: MadeImages

    init() throws { images = try MadeImages(train: 8, validation: 4, test: 3) }

    private func decision(
        _ path: String, _ verdict: LabelDecision.Verdict, to name: String? = nil
    ) throws -> LabelDecision {
        LabelDecision(
            path: path, sha256: try ContentHash.sha256(contentsOf: images.root.appending(path: path)),
            oldLabel: String(path.split(separator: "/")[1]), verdict: verdict, newLabel: name)
    }

    private func list() throws -> DecisionList {
        try DecisionList([
            decision("train/across/1.ppm", .relabel, to: "upright"), decision("train/across/2.ppm", .exclude),
            decision("val/upright/0.ppm", .keep),
        ])
    }

    private func prepare(_ list: DecisionList?, exclusions: [String]? = nil) throws -> TrainingData {
        try TrainingData.prepare(
            images.root, options: .init(decisions: list, exclusions: exclusions.map(ExclusionList.init)))
    }

    @Test func labelsCountAndTheFingerprintKnows() throws {
        let (plain, decided) = (try prepare(nil), try prepare(try list()))
        #expect(plain.trainCounts == [8, 8] && decided.trainCounts == [6, 9])
        #expect(decided.decisions?.summary == "1 image relabelled, 1 left out, 1 kept")
        #expect(plain.fingerprint != decided.fingerprint)
        let relabelled = try prepare(
            DecisionList([decision("train/across/1.ppm", .relabel, to: "upright")]))
        #expect(relabelled.fingerprint != plain.fingerprint, "of the same files with another label")
        let kept = try prepare(DecisionList([decision("train/across/1.ppm", .keep)]))
        #expect(kept.fingerprint == plain.fingerprint)
        // Left out by either list.
        let both = try prepare(list(), exclusions: ["train/across/1.ppm", "train/across/3.ppm"])
        #expect(both.trainCounts == [5, 8])
    }

    @Test func theRunRemembersAndItsImagesAreFound() throws {
        let data = try prepare(try list())
        let folder = images.run("run")
        let tuner = try FineTuner(
            data: data, recipe: .tiny(phases: [Phase(trainableFrom: .head, epochs: 1)]), weights: nil,
            seed: 3,
            machine: .init(device: .cpu, workers: 1), folder: folder)
        _ = try tuner.run()
        let record = try RunRecord.read(from: folder)
        #expect(record.dataset.decisions == data.decisions)
        #expect(record.dataset.decisions?.decisions.count == 3)
        let found = try RunImages(folder, record: record)
        #expect(found.train.filter { $0.label == 1 }.map(\.relativePath).contains("train/across/1.ppm"))
        #expect(!found.train.map(\.relativePath).contains("train/across/2.ppm"))
        // The test: its images are known as unseen, by a list that is the run's.
        let test = try TestEvaluation.run(
            TrainedModel(folder), options: .init(dataset: nil, strict: true, command: []))
        #expect(test.samples.count == 6)
        // Other labels are another run.
        let others = try FineTuner(
            data: try prepare(nil), recipe: tuner.recipe, weights: nil, seed: 3,
            machine: .init(device: .cpu, workers: 1), folder: folder)
        let message = message { _ = try others.run(resume: true) }
        #expect(message.contains("1 image added (train/across/2.ppm)"), "\(message)")
        #expect(message.contains("1 image of another class (train/across/1.ppm)"), "\(message)")
    }
}
