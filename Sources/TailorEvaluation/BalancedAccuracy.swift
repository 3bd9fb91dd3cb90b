/// Mean over classes of the share recognised, 0...1: of classes that have samples; 0 when none has.
func meanRecall(correct: [Int], supports: [Int]) -> Double {
    mean(zip(correct, supports).compactMap { ratio($0, $1) })
}

/// The balanced accuracy of whoever picks each row's largest score, the first of equals.
///
/// - Parameters:
///   - scores: `[samples][classes]`, of any size and sign.
///   - labels: one a row, each below `classCount`.
package func balancedAccuracy(_ scores: [[Double]], labels: [Int], classCount: Int) -> Double {
    var correct = [Int](repeating: 0, count: classCount)
    var supports = [Int](repeating: 0, count: classCount)
    for (row, label) in zip(scores, labels) {
        supports[label] += 1
        if row.argmax == label { correct[label] += 1 }
    }
    return meanRecall(correct: correct, supports: supports)
}
