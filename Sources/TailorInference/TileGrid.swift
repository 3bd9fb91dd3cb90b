import TailorImages

/// A grid of overlapping tiles of an image, for objects too small to survive resizing the whole.
public struct TileGrid: Sendable, Equatable {
    /// Most tiles of an image.
    static let maximumTiles = 4096

    /// Size and number of the tiles.
    public enum Layout: Sendable, Equatable {
        /// A fixed number of columns and rows.
        case grid(columns: Int, rows: Int)
        /// Square tiles of about twice the model's image size, but at least half of the image's short side.
        case automatic
    }

    public var layout: Layout
    /// Share of a tile that overlaps its neighbour, 0...0.9.
    public var overlap: Double

    /// Creates a grid. Throws `ImageError.invalidArgument` for numbers out of range.
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

    /// Tiles that cover an image, row by row.
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

    /// Divides 0 ..< `length` into `count` ranges of one length that overlap by ``overlap``.
    private func spans(_ length: Int, count: Int) -> [Range<Int>] {
        let count = min(count, length)
        let side = Double(length) / (Double(count) - Double(count - 1) * overlap)
        return spans(length, count: count, side: Int(side.rounded(.up)))
    }

    private func spans(_ length: Int, count: Int, side: Int) -> [Range<Int>] {
        // In a very long image the tiles grow so that they leave no gaps.
        let side = min(length, max(side, (length + count - 1) / count, 1))
        guard count > 1 else { return [0..<(count == 1 ? length : side)] }
        return (0..<count).map { index in
            let start = Int((Double(index) * Double(length - side) / Double(count - 1)).rounded())
            return start..<start + side
        }
    }
}
