import Foundation
import TailorEvaluation
import TailorFineTuning
import TailorImages
import TailorReports
import TailorResNet
import TailorSupport
import TailorTerminal

extension RunReport {
    /// Writes `report.html` of a run from what its folder holds and, when given, a test just made.
    public static func write(for folder: RunFolder, test: TestEvaluation? = nil) throws {
        let record = try RunRecord.read(from: folder)
        let history = shown(try EpochRecord.history(from: folder.metrics), record: record)
        var report = RunReport(
            title: folder.url.lastPathComponent,
            origin: "tailor \(record.versions.tailor), \(record.startedAt.formatted(.iso8601))")
        report.hasTestSet = record.dataset.hasTest
        report.testUses = try test?.testUses ?? TestLedger(runFolder: folder.url).uses()
        report.test = test?.evaluation
        report.exported = test?.exported
        report.validation = try record.validationEvaluation(folder)
        report.epochs = history.map {
            Epoch(
                epoch: $0.epoch, trainLoss: $0.trainLoss, validationLoss: $0.validationLoss,
                validationMacroF1: $0.validationMacroF1,
                learningRates: learningRates($0))
        }
        report.phases = phases(history, recipe: record.plan ?? record.recipe)
        report.bestEpoch = record.best?.phase == EpochRecord.soupPhase ? nil : record.best?.epoch
        report.warnings = record.warnings + (test?.warnings ?? [])
        report.facts = facts(record)
        report.exampleGroups = exampleGroups(folder, record, test: test, validation: report.validation)
        try AtomicFile.write(Data(report.html().utf8), to: folder.report)
    }

    /// The linear probe and the seed that was kept, or was the best of those averaged: one curve.
    private static func shown(_ history: [EpochRecord], record: RunRecord) -> [EpochRecord] {
        let kept = record.seeds?.best?.seed ?? history.compactMap(\.seed).first
        return history.filter { $0.phase == EpochRecord.probePhase || $0.seed == kept }
    }

    private static func learningRates(_ row: EpochRecord) -> [LearningRate] {
        guard row.epoch > 0 else { return [] }
        return ResNet18.Stage.allCases.map { LearningRate(group: $0.rawValue, value: row.learningRates[$0]) }
    }

    private static func phases(_ history: [EpochRecord], recipe: Recipe) -> [Phase] {
        var found: [Phase] = []
        for row in history {
            if let last = found.last, last.name == row.phase {
                let (first, end) = (
                    min(last.epochs.lowerBound, row.epoch), max(last.epochs.upperBound, row.epoch)
                )
                found[found.count - 1].epochs = first...end
            } else {
                found.append(Phase(name: row.phase, epochs: row.epoch...row.epoch, summary: ""))
            }
        }
        for index in found.indices {
            let name = found[index].name
            if name == EpochRecord.probePhase {
                found[index].summary = "The head alone, on features of the frozen network."
            } else if let phase = recipe.phases.first(where: { $0.name == name }) {
                let live = ResNet18.Stage.allCases.filter { $0 >= phase.trainableFrom }
                found[index].summary =
                    phase.trainableFrom == .stem
                    ? "The whole network learns."
                    : "Learning: \(live.map(\.rawValue).joined(separator: ", "))."
                found[index].learningRates = live.map {
                    LearningRate(group: $0.rawValue, value: recipe.learningRates[$0])
                }
            }
        }
        return found
    }

    private static func facts(_ record: RunRecord) -> [FactGroup] {
        let counts = zip(record.classes, record.dataset.trainCounts).map { "\($0) \($1)" }.joined(
            separator: ", ")
        let recipe = record.plan ?? record.recipe
        let found = found(record)
        return [
            FactGroup(
                title: "Data",
                facts: [
                    .init("folder", record.dataset.path), .init("training images", counts),
                    .init("validation", record.dataset.validationSource),
                    .init("fingerprint", String(record.dataset.fingerprint.prefix(16))),
                ] + (record.dataset.decisions.map { [.init("decisions", $0.summary)] } ?? [])),
            FactGroup(
                title: "Recipe",
                facts: [
                    .init("name", recipe.name), .init("seed", String(record.seed)),
                    .init("batch size", String(recipe.batchSize)),
                    .init(
                        "image size",
                        "\(recipe.trainImageSize) training, \(recipe.preprocessing.imageSize) evaluation"),
                    .init(
                        "class weights",
                        record.classWeights.map {
                            $0.map { String(format: "%.2f", $0) }.joined(separator: ", ")
                        }
                            ?? "none"),
                ]),
        ] + (found.isEmpty ? [] : [FactGroup(title: "Found for this task", facts: found)]) + [
            FactGroup(
                title: "Machine",
                facts: [
                    .init("device", "\(record.device), \(record.deviceName)"),
                    .init("precision", record.precision.rawValue),
                    .init("libtorch", record.versions.libtorch),
                    .init("weights", record.weights?.name ?? "none"),
                    .init("time", Format.duration(record.seconds ?? 0)),
                ])
        ]
    }
}
