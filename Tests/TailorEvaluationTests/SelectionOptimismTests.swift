import TailorEvaluation
import TailorSupport
import TestSupport
import Testing

struct SelectionOptimismTests {
    /// Labels, and guesses that have nothing to do with them.
    private func guesses(_ models: Int, images: Int) -> (labels: [Int], predictions: [[Int]]) {
        var generator = SeededGenerator(seed: 5)
        let labels = (0..<images).map { _ in generator.integer(below: 2) }
        let predictions = (0..<models).map { _ in (0..<images).map { _ in generator.integer(below: 2) } }
        return (labels, predictions)
    }

    /// The best of many coins looks clever; corrected it is a coin again.
    @Test func theBestOfManyCoinsIsACoin() throws {
        let (labels, predictions) = guesses(60, images: 60)
        let found = try #require(SelectionOptimism(predictions: predictions, labels: labels, classCount: 2))
        #expect(found.candidates == 60)
        #expect(found.macroF1 > 0.6)
        #expect((0.44...0.56).contains(found.corrected), "\(found.corrected)")
        expectClose(found.optimism, found.macroF1 - found.corrected, absolute: 1e-12)
    }

    @Test func whereNothingWasPickedNothingIsTakenOff() throws {
        let (labels, predictions) = guesses(1, images: 400)
        let found = try #require(SelectionOptimism(predictions: predictions, labels: labels, classCount: 2))
        #expect(found.optimism < 0.01)
        let perfect = try #require(
            SelectionOptimism(predictions: [labels, predictions[0]], labels: labels, classCount: 2))
        #expect(perfect.macroF1 == 1 && perfect.corrected == 1)
    }

    @Test func whatDoesNotFitGivesNothing() {
        #expect(SelectionOptimism(predictions: [], labels: [], classCount: 2) == nil)
        #expect(SelectionOptimism(predictions: [[0, 1]], labels: [0], classCount: 2) == nil)
        #expect(SelectionOptimism(predictions: [[0]], labels: [2], classCount: 2) == nil)
        // One image: every draw holds it, and none is left to judge by.
        #expect(SelectionOptimism(predictions: [[0]], labels: [0], classCount: 2) == nil)
        #expect(SelectionOptimism(predictions: [[7, 0]], labels: [0, 0], classCount: 1)?.macroF1 != nil)
    }
}
