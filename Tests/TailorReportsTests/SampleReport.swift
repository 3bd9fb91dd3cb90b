import Foundation
import TailorEvaluation
import TailorReports
import TailorSupport

/// A made run, alike in shape to a real one.
enum SampleReport {
    static func evaluation(
        counts: [Int], classes: [String], signal: Double, temperature: Double, seed: UInt64
    ) throws -> ModelEvaluation {
        var generator = SeededGenerator(seed: seed)
        var labels: [Int] = []
        var rows: [[Double]] = []
        for (label, count) in counts.enumerated() {
            for _ in 0..<count {
                labels.append(label)
                rows.append(
                    classes.indices.map { index in
                        let noise = (0..<6).reduce(0) { sum, _ in sum + generator.uniform(-1...1) }
                        return noise + (index == label ? signal : 0)
                    })
            }
        }
        return try ModelEvaluation(
            logits: ScoreMatrix(rows: rows), labels: labels, classes: classes, temperature: temperature,
            seed: 1)
    }

    /// Two classes, tested once: the demo's shape.
    static func tested() throws -> RunReport {
        let classes = ["defective", "functional"]
        let rates: [(String, Double)] = [
            ("layer1", 0.0005), ("layer2", 0.001), ("layer3", 0.002), ("layer4", 0.005), ("head", 0.05),
        ]
        let epochs = (1...8).map { epoch in
            let first = epoch <= 2 ? 4 : epoch <= 4 ? 3 : epoch <= 5 ? 2 : 0
            let progress = Double(epoch - 1) / 8
            return RunReport.Epoch(
                epoch: epoch, trainLoss: 0.58 * pow(0.8, Double(epoch)) + 0.12,
                validationLoss: 0.42 + 0.015 * Double((epoch - 5) * (epoch - 5)) / 2 - 0.02 * progress,
                validationMacroF1: [0.741, 0.762, 0.779, 0.801, 0.812, 0.806, 0.818, 0.811][epoch - 1],
                learningRates: rates.dropFirst(first).map {
                    RunReport.LearningRate(group: $0.0, value: $0.1 * (0.55 + 0.45 * cos(.pi * progress)))
                })
        }
        func peak(_ from: Int) -> [RunReport.LearningRate] {
            rates.dropFirst(from).map { RunReport.LearningRate(group: $0.0, value: $0.1) }
        }
        let mistakes = [
            ("test/functional/cell1207.jpg", 1, 0.988), ("test/defective/cell0032.jpg", 0, 0.971),
            ("test/defective/cell2210.jpg", 0, 0.964), ("test/functional/cell0918.jpg", 1, 0.951),
            ("test/defective/cell1411.jpg", 0, 0.942), ("test/functional/cell0002.jpg", 1, 0.93),
        ]
        return RunReport(
            title: "runs/elpv", origin: "Written by tailor 0.1.0 on 2026-11-23 20:41 UTC.",
            validation: try evaluation(
                counts: [124, 269], classes: classes, signal: 2.6, temperature: 1.3, seed: 5),
            test: try evaluation(
                counts: [208, 450], classes: classes, signal: 2.4, temperature: 1.3, seed: 9),
            testUses: 1,
            phases: [
                .init(
                    name: "head", epochs: 1...2, summary: "New head only; trunk frozen, features cached",
                    learningRates: peak(4)),
                .init(name: "layer4", epochs: 3...4, summary: "layer4 and head", learningRates: peak(3)),
                .init(
                    name: "layer3", epochs: 5...5, summary: "layer3, layer4 and head", learningRates: peak(2)),
                .init(name: "all", epochs: 6...8, summary: "All layers", learningRates: peak(0)),
            ],
            epochs: epochs, bestEpoch: 7,
            exampleGroups: [
                .init(
                    title: "Surest mistakes", note: "Look here first.",
                    examples: mistakes.enumerated().map { index, mistake in
                        RunReport.Example(
                            path: mistake.0, label: classes[mistake.1], predicted: classes[1 - mistake.1],
                            probability: mistake.2,
                            thumbnail: index == 5 ? nil : Data([0xFF, 0xD8, 0xFF, UInt8(index)]),
                            heatMap: index == 0 ? Data([0xFF, 0xD8, 0xFE]) : nil)
                    })
            ],
            facts: [
                .init(
                    title: "Model",
                    facts: [
                        .init("Network", "ResNet18, 11,177,538 parameters"),
                        .init("Start weights", "bundled: resnet18-imagenet.safetensors"),
                        .init("SHA-256", "9c1e0f6d2b7a4c58b3e91d07f64a2c85e0b7d3196fa84c2be5d07193a6f8c24b"),
                        .init("Preprocessing", "short side to 224, centre crop 224 × 224"),
                    ]),
                .init(
                    title: "Data",
                    facts: [
                        .init("Images", "1,573 train, 393 validation, 658 test"),
                        .init("Classes", "defective, functional"),
                        .init("Fingerprint", "4f0a3c…d21b"), .init("Skipped", "none"),
                    ]),
                .init(
                    title: "Training",
                    facts: [
                        .init("Recipe", "standard (linear probe, then fine-tuning)"), .init("Seed", "1"),
                        .init("Batch size", "32"), .init("Precision", "bfloat16 autocast"),
                        .init("Augmentation", "inspection: geometry only"), .init("Time", "4 min 12 s"),
                    ]),
                .init(
                    title: "Machine",
                    facts: [
                        .init("Device", "cpu, 2 threads, avx512_bf16"), .init("libtorch", "2.13.0+cpu"),
                        .init("Tailor", "0.1.0"), .init("System", "Debian GNU/Linux 12, x86_64"),
                    ]),
            ],
            warnings: [
                "Class weights 1.58 (defective) and 0.73 (functional): train has 2.2 times more of one class."
            ])
    }

    static let oddClasses = [
        "<script>alert(1)</script>", "crack & \"chip\"", "a class whose name goes on and on", "名前", "void",
    ]

    /// Five classes with awkward names, one without an image; never tested; one epoch lost its loss.
    static func untested() throws -> RunReport {
        RunReport(
            title: "odd </title><b>run</b>",
            validation: try evaluation(
                counts: [40, 25, 60, 31, 0], classes: oddClasses, signal: 3, temperature: 1, seed: 2),
            phases: [.init(name: "all of it at once", epochs: 1...3, summary: "Everything")],
            epochs: [
                .init(epoch: 1, trainLoss: 1.2, validationLoss: 1.1, validationMacroF1: 0.4),
                .init(epoch: 2, trainLoss: .nan, validationLoss: .infinity, validationMacroF1: nil),
                .init(epoch: 3, trainLoss: 0.9, validationLoss: 0.8, validationMacroF1: 0.6),
            ],
            bestEpoch: 3,
            exampleGroups: [
                .init(
                    title: "Surest mistakes", note: "Look here first.",
                    examples: [
                        .init(
                            path: "val/<img src=x onerror=alert(1)>\u{1B}[31m.jpg", label: oddClasses[0],
                            predicted: oddClasses[1], probability: 0.99)
                    ])
            ],
            warnings: ["one\u{0}two & <three>"])
    }
}
