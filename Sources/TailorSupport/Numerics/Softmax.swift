import Foundation

/// Softmax: exp(score / temperature) over their sum, computed without overflow.
///
/// - Parameter temperature: positive; above 1 softens, below 1 sharpens.
package func softmax(_ scores: some Collection<Double>, temperature: Double = 1) -> [Double] {
    let largest = scores.max() ?? 0
    let powers = scores.map { exp(($0 - largest) / temperature) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
}
