import Foundation
import Tailor
import TestSupport
import Testing

/// What a published model says of itself.
@Suite struct ModelCardTests {
    /// 40 of the first class, three of them missed; 10 of the second, four missed.
    private static func report(classes: [String], uses: Int) throws -> MetricsReport {
        let labels = [Int](repeating: 0, count: 40) + [Int](repeating: 1, count: 10)
        let answers = labels.indices.map { index in
            index < 3 ? 1 : index >= 46 ? 0 : labels[index]
        }
        let logits = try ScoreMatrix(rows: answers.map { $0 == 0 ? [2, 0] : [0, 2] })
        return MetricsReport(
            try ModelEvaluation(logits: logits, labels: labels, classes: classes), testUses: uses)
    }

    private func card(_ figures: ModelCard.Figures, classes: [String] = ["good", "bad"]) -> String {
        ModelCard(
            classes: classes, trainCounts: [200, 50], validationCount: 60, figures: figures,
            preprocessing: Preprocessing(imageSize: 96, resizeShortSide: 110), temperature: 1.25,
            weights: ("some weights", "MIT")
        ).markdown()
    }

    @Test func figuresOfATestHaveIntervalsUsesAndTheMissedClass() throws {
        let report = try Self.report(classes: ["good", "bad"], uses: 1)
        let text = card(.test(report, uses: 1))
        #expect(
            text.contains("On 50 test images that took no part in training. The test set has been used once"))
        #expect(text.contains("| accuracy | 86.0 % | 73.8–93.0 % |"))
        #expect(text.contains("Always answering “good” would be right 80.0 % of the time."))
        #expect(text.contains("Missed most: of “bad”, 40.0 % of the images are taken for another class."))
        #expect(text.contains("| bad | 60.0 % | 31.3–83.2 % | 66.7 % | 10 |"))
        #expect(text.contains("fewer than 30 images, so that their figures can move a lot: bad."))
        #expect(text.contains("    - type: accuracy\n      value: 0.8600\n"))
        #expect(text.contains("(logits / 1.25).softmax(0)"))
        #expect(text.contains("short side to 110 pixels, then the centre of 96 × 96"))
        let often = card(.test(report, uses: 3))
        #expect(often.contains("has been used 3 times; whoever chooses by a test result spends it"))
    }

    @Test func validationFiguresSayThatTheyFlatter() throws {
        let report = try Self.report(classes: ["good", "bad"], uses: 0)
        for (isSealed, end) in [
            (true, "The test set has not been opened yet."), (false, "There is no test set."),
        ] {
            let text = card(.validation(report, testIsSealed: isSealed))
            #expect(text.contains("On 50 validation images, **which chose the weights"))
            #expect(text.contains(end))
            // The Hub would show them as results.
            #expect(!text.contains("model-index"))
        }
        #expect(card(.none).contains("Not measured."))
    }

    @Test func namesAreTextWhateverTheyHold() throws {
        let names = ["<b>|x*", "a\nb"]
        let text = card(.test(try Self.report(classes: names, uses: 1), uses: 1), classes: names)
        #expect(text.contains("# ResNet18 for \\<b\\>\\|x\\* and a\\\\nb\n"))
        #expect(!text.contains("<b>") && !text.contains("a\nb"))
    }
}
