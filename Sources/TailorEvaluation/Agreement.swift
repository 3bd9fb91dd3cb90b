/// Share of the samples to which two models give the same class, 0...1; 0 of nothing. Both lists hold class
/// numbers, of the same samples in the same order.
package func agreement(_ predictions: [Int], _ others: [Int]) -> Double {
    Double(zip(predictions, others).count { $0 == $1 }) / Double(max(predictions.count, 1))
}
