import TailorImages

/// A grid of overlapping parts of a picture, for things too small to survive resizing the whole.
public struct TileGrid: Sendable, Equatable {
    /// More parts than this are a mistake.
    public static let maximumTiles = 4096

    public enum Layout: Sendable, Equatable {
        /// So many across and down.
        case grid(columns: Int, rows: Int)
        /// Square parts of about twice the model's image size, but at least the half of the picture's short side.
        case automatic
    }

    public var layout: Layout
    /// Share of a part that its neighbour sees too, 0...0.9.
    public var overlap: Double

    /// Throws `ImageError.invalidArgument` for numbers out of range.
    public init(_ layout: Layout = .automatic, overlap: Double = 0.25) throws {
        guard (0...0.9).contains(overlap) else {
            throw ImageError.invalidArgument("overlap of tiles: expected 0 to 0.9, got \(overlap)")
        }
        if case .grid(let columns, let rows) = layout {
            guard columns > 0, rows > 0, columns <= Self.maximumTiles, rows <= Self.maximumTiles,
                columns * rows <= Self.maximumTiles
            else {
                throw ImageError.invalidArgument(
                    "tiles: expected 1 to \(Self.maximumTiles), got \(columns) × \(rows)")
            }
        }
        self.layout = layout
        self.overlap = overlap
    }

    /// The parts of a picture, from left to right, then down; together they cover it.
    ///
    /// - Parameter imageSize: side of the square that the model sees, pixels.
    public func tiles(width: Int, height: Int, imageSize: Int) -> [PixelRect] {
        let (columns, rows) =
            switch layout {
            case .grid(let columns, let rows):
                (spans(width, count: columns), spans(height, count: rows))
            case .automatic:
                automatic(width: width, height: height, imageSize: imageSize)
            }
        return rows.flatMap { row in
            columns.map {
                PixelRect(left: $0.lowerBound, top: row.lowerBound, width: $0.count, height: row.count)
            }
        }
    }

    private func automatic(width: Int, height: Int, imageSize: Int) -> ([Range<Int>], [Range<Int>]) {
        let short = min(width, height)
        let side = max(min(short, 2 * imageSize), (short + 1) / 2)
        let step = max(1, Double(side) * (1 - overlap))
        func count(_ length: Int) -> Int {
            min(64, max(1, 1 + Int((Double(length - side) / step).rounded(.up))))
        }
        return (
            spans(width, count: count(width), side: side), spans(height, count: count(height), side: side)
        )
    }

    /// `count` ranges of one length that cover 0 ..< `length`, neighbours overlapping by the share.
    private func spans(_ length: Int, count: Int) -> [Range<Int>] {
        let count = min(count, length)
        let side = Double(length) / (Double(count) - Double(count - 1) * overlap)
        return spans(length, count: count, side: Int(side.rounded(.up)))
    }

    private func spans(_ length: Int, count: Int, side: Int) -> [Range<Int>] {
        // Where a picture is so long that the parts would leave gaps, they grow.
        let side = min(length, max(side, (length + count - 1) / count, 1))
        guard count > 1 else { return [0..<(count == 1 ? length : side)] }
        return (0..<count).map { index in
            let start = Int((Double(index) * Double(length - side) / Double(count - 1)).rounded())
            return start..<start + side
        }
    }
}
