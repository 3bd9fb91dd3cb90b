/// Size of a dimension: a number, or a multiple of the picture's height or width, which are known only when there is
/// one.
struct SymbolicSize: Equatable, CustomStringConvertible {
    var factor: Int
    /// Powers of the picture's height and width.
    var heights = 0
    var widths = 0

    init(_ factor: Int) { self.factor = factor }

    private init(factor: Int, heights: Int, widths: Int) {
        self.factor = factor
        self.heights = heights
        self.widths = widths
    }

    static let height = SymbolicSize(factor: 1, heights: 1, widths: 0)
    static let width = SymbolicSize(factor: 1, heights: 0, widths: 1)
    static let one = SymbolicSize(1)

    /// Whether it is a number.
    var isKnown: Bool { heights == 0 && widths == 0 }

    /// Nil beyond `Int`.
    func multiplied(by other: SymbolicSize) -> SymbolicSize? {
        let (product, overflows) = factor.multipliedReportingOverflow(by: other.factor)
        guard !overflows else { return nil }
        return SymbolicSize(factor: product, heights: heights + other.heights, widths: widths + other.widths)
    }

    var description: String {
        let symbols = String(repeating: "h", count: heights) + String(repeating: "w", count: widths)
        return symbols.isEmpty ? "\(factor)" : factor == 1 ? symbols : "\(factor)\(symbols)"
    }
}

/// Shape of a value.
typealias SymbolicShape = [SymbolicSize]

extension SymbolicShape {
    /// Number of elements; nil beyond `Int`.
    var elementCount: SymbolicSize? {
        reduce(SymbolicSize.one) { product, size in product?.multiplied(by: size) }
    }

    /// Shape of an elementwise result (NumPy's broadcasting); nil if the two do not fit.
    func broadcast(with other: SymbolicShape) -> SymbolicShape? {
        let rank = Swift.max(count, other.count)
        func padded(_ shape: SymbolicShape) -> SymbolicShape {
            SymbolicShape(repeating: .one, count: rank - shape.count) + shape
        }
        var result: SymbolicShape = []
        for (first, second) in zip(padded(self), padded(other)) {
            if first == second || second == .one {
                result.append(first)
            } else if first == .one {
                result.append(second)
            } else {
                return nil
            }
        }
        return result
    }
}
