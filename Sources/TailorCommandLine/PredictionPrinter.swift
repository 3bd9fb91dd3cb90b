import Synchronization
import TailorEvaluation

/// Prints predictions as they are made, in the order of the files, and remembers them.
///
/// Whoever waits for many sees the first at once, and keeps them if the last cannot be made. May be called from
/// several threads.
package final class PredictionPrinter: Sendable {
    private struct State: Sendable {
        var predictions: [Prediction] = []
        var counts = PredictionText.Counts()
        /// Made before one that comes earlier.
        var waiting: [Int: Prediction] = [:]
    }

    private let text: PredictionText
    private let state = Mutex(State())

    package init(_ text: PredictionText) { self.text = text }

    /// Takes the prediction of file `index`. Throws ``OutputError`` when one cannot be written; there is no use in
    /// making more.
    package func add(_ index: Int, _ prediction: Prediction) throws {
        try state.withLock { state in
            state.waiting[index] = prediction
            while let next = state.waiting.removeValue(forKey: state.predictions.count) {
                if let error = next.error { Console.warning(error) }
                let isFirst = state.predictions.isEmpty
                let entry = try text.entry(next, isFirst: isFirst)
                try Console.document((isFirst ? text.start : "") + entry)
                state.counts.add(next)
                state.predictions.append(next)
            }
        }
    }

    /// Ends the document, and gives what was printed. Throws ``OutputError``.
    package func finish() throws -> [Prediction] {
        let state = state.withLock { $0 }
        let start = state.predictions.isEmpty ? text.start : ""
        try Console.document(start + text.end(state.counts))
        return state.predictions
    }
}
