import TailorEvaluation
import TailorImages

/// Confusion matrix as a picture: a row for each true class, a column for each answer, both numbered from 0 in the order of
/// the classes; the darker a cell, the larger its share of the row. The counts stand in the cells.
package enum ConfusionPicture {
    /// Most classes that are drawn.
    package static let classLimit = 64
    private static let cell = 34
    private static let margin = 22

    /// Throws `ImageError` for a matrix without classes.
    package static func draw(_ counts: [[Int]]) throws -> RGBImage {
        let count = min(counts.count, classLimit)
        let side = margin + max(count, 1) * cell + 1
        var canvas = try Canvas(side: side)
        for row in 0..<count {
            let total = max(1, counts[row].reduce(0, +))
            canvas.write(row, centredAt: margin / 2, margin + row * cell + cell / 2, shade: 90)
            canvas.write(row, centredAt: margin + row * cell + cell / 2, margin / 2, shade: 90)
            for column in 0..<count {
                let share = Double(counts[row][column]) / Double(total)
                let (x, y) = (margin + column * cell, margin + row * cell)
                canvas.fill(x + 1, y + 1, cell - 1, share: share, isRight: row == column)
                canvas.write(
                    counts[row][column], centredAt: x + cell / 2, y + cell / 2, shade: share > 0.5 ? 255 : 40)
            }
        }
        return try RGBImage(width: side, height: side, pixels: canvas.pixels)
    }

    private struct Canvas {
        let side: Int
        var pixels: [UInt8]

        init(side: Int) throws {
            self.side = side
            pixels = [UInt8](repeating: 255, count: 3 * side * side)
        }

        mutating func set(_ x: Int, _ y: Int, _ color: (UInt8, UInt8, UInt8)) {
            guard (0..<side).contains(x), (0..<side).contains(y) else { return }
            let start = 3 * (y * side + x)
            (pixels[start], pixels[start + 1], pixels[start + 2]) = color
        }

        /// From nearly white to blue where the answer is right, to red where it is not.
        mutating func fill(_ x: Int, _ y: Int, _ size: Int, share: Double, isRight: Bool) {
            let (from, to) = ((240.0, 242.0, 245.0), isRight ? (33.0, 102.0, 172.0) : (178.0, 24.0, 43.0))
            func mix(_ a: Double, _ b: Double) -> UInt8 { UInt8(a + (b - a) * min(max(share, 0), 1)) }
            let color = (mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
            for row in 0..<size { for column in 0..<size { set(x + column, y + row, color) } }
        }

        /// Digits of 3 × 5 dots, doubled where they fit.
        mutating func write(_ number: Int, centredAt x: Int, _ y: Int, shade: UInt8) {
            let digits = String(number).compactMap(\.wholeNumberValue)
            let scale = digits.count * 8 <= ConfusionPicture.cell ? 2 : 1
            var left = x - (digits.count * 4 * scale - scale) / 2
            for digit in digits {
                for (row, bits) in Self.digits[digit].enumerated() {
                    for column in 0..<3 where bits >> (2 - column) & 1 == 1 {
                        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] where max(dx, dy) < scale {
                            set(
                                left + column * scale + dx, y - 5 * scale / 2 + row * scale + dy,
                                (shade, shade, shade))
                        }
                    }
                }
                left += 4 * scale
            }
        }

        private static let digits: [[UInt8]] = [
            [7, 5, 5, 5, 7], [2, 6, 2, 2, 7], [7, 1, 7, 4, 7], [7, 1, 7, 1, 7], [5, 5, 7, 1, 1],
            [7, 4, 7, 1, 7], [7, 4, 7, 5, 7], [7, 1, 2, 2, 2], [7, 5, 7, 5, 7], [7, 5, 7, 1, 7],
        ]
    }
}
