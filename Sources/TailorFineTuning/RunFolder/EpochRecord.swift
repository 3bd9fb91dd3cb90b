import Foundation
import TailorResNet
import TailorSupport

/// Row of `metrics.csv`: one epoch and its result. Epoch 0 is the linear probe.
public struct EpochRecord: Codable, Sendable, Hashable {
    public var epoch: Int
    public var phase: String
    public var trainLoss: Double
    public var validationLoss: Double
    public var validationAccuracy: Double
    public var validationMacroF1: Double
    /// Learning rates of the epoch's last step; 0 where a stage was frozen.
    public var learningRates: LayerwiseLearningRates
    /// Training images per second, loading and augmentation included, validation not.
    public var imagesPerSecond: Double
    /// Duration of training and validation together.
    public var seconds: Double
    /// Optimiser steps since the start of fine-tuning.
    public var step: Int
    public var isBest: Bool
    /// Seed of the full run that the epoch belongs to; nil for the linear probe and averaged weights.
    public var seed: UInt64?

    /// Validation loss at the temperature that makes it least; nil in rows read from a file.
    package var calibratedLoss: Double?
    /// Class that each validation image was given, in their order; nil in rows read from a file.
    package var predictions: [Int]?

    /// Phase of a row that stands for the averaged weights of several seeds.
    public static let soupPhase = "soup"
    /// Phase of the row that stands for the linear probe.
    public static let probePhase = "probe"

    private static let csvHeader = [
        "epoch", "phase", "train_loss", "val_loss", "val_accuracy", "val_macro_f1", "images_per_second",
        "seconds", "step", "best",
    ]
    private static let rateColumns = ResNet18.Stage.allCases.map { "lr_\($0.rawValue)" }
    private static let csvColumns = csvHeader + rateColumns + ["seed"]

    var csvFields: [String] {
        func number(_ value: Double, digits: Int) -> String {
            value.isFinite ? String(format: "%.\(digits)f", value) : ""
        }
        return [
            String(epoch), phase, number(trainLoss, digits: 6), number(validationLoss, digits: 6),
            number(validationAccuracy, digits: 6), number(validationMacroF1, digits: 6),
            number(imagesPerSecond, digits: 2), number(seconds, digits: 2), String(step), isBest ? "1" : "0",
        ] + ResNet18.Stage.allCases.map { String(format: "%.6g", learningRates[$0]) }
            + [seed.map { String($0) } ?? ""]
    }

    var scores: ValidationScores {
        ValidationScores(
            loss: validationLoss, calibratedLoss: calibratedLoss, accuracy: validationAccuracy,
            macroF1: validationMacroF1)
    }

    /// Largest number of an epoch that is believed.
    private static let maximumEpoch = 1_000_000_000

    /// The rows of a `metrics.csv`; none when there is no such file. Throws `FileError` and `CSVError`.
    public static func history(from url: URL) throws -> [EpochRecord] {
        guard FileManager.default.fileExists(atPath: url.path) else { return [] }
        let text = String(decoding: try RegularFile.contents(of: url), as: UTF8.self)
        return try CSV.parse(text, isOwn: true).dropFirst().compactMap { row in
            guard row.count >= csvHeader.count + rateColumns.count, let epoch = Int(row[0]),
                (0...maximumEpoch).contains(epoch)
            else { return nil }
            func number(_ index: Int) -> Double { Double(row[index]) ?? .nan }
            var rates = LayerwiseLearningRates.uniform(0)
            for (index, stage) in ResNet18.Stage.allCases.enumerated() {
                rates[stage] = number(csvHeader.count + index)
            }
            return EpochRecord(
                epoch: epoch, phase: row[1], trainLoss: number(2), validationLoss: number(3),
                validationAccuracy: number(4), validationMacroF1: number(5), learningRates: rates,
                imagesPerSecond: number(6), seconds: number(7), step: Int(row[8]) ?? 0, isBest: row[9] == "1",
                seed: row.count >= csvColumns.count ? UInt64(row[csvColumns.count - 1]) : nil)
        }
    }

    static func csv(_ records: [EpochRecord]) -> Data {
        let lines = [CSV.line(csvColumns)] + records.map { CSV.line($0.csvFields) }
        return Data((lines.joined(separator: "\n") + "\n").utf8)
    }
}

extension EpochRecord {
    /// - Parameter imagesPerSecond: see the property; `isBest` is left to who knows the others.
    init(
        epoch: Int, phase: String, trainLoss: Double, scores: ValidationScores,
        learningRates: LayerwiseLearningRates, imagesPerSecond: Double, seconds: Double, step: Int,
        seed: UInt64? = nil
    ) {
        self.init(
            epoch: epoch, phase: phase, trainLoss: trainLoss, validationLoss: scores.loss,
            validationAccuracy: scores.accuracy, validationMacroF1: scores.macroF1,
            learningRates: learningRates, imagesPerSecond: imagesPerSecond, seconds: seconds, step: step,
            isBest: false, seed: seed, calibratedLoss: scores.calibratedLoss)
    }
}
