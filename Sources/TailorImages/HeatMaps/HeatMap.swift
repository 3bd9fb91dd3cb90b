/// Where in an image a network saw a class: an activation map, or those of overlapping tiles, in the image's own pixels.
///
/// Between the centres of the grid's cells values are interpolated by cubics (Catmull and Rom, 1974), so that a peak can
/// lie between two; what the crop cut off is 0, what the margin contributed lies outside. Values are computed when asked
/// for, so that a map of a large photograph takes little memory.
public struct HeatMap: Sendable {
    /// Width of the image in pixels.
    public let width: Int
    /// Height of the image in pixels.
    public let height: Int
    private let parts: [Part]

    /// One input of the network.
    private struct Part: Sendable {
        let grid: ActivationGrid
        /// Pixels of the image that the network saw.
        let seen: PixelRect
        /// By column and by row of `seen`.
        let columns: [Neighbours]
        let rows: [Neighbours]
    }

    /// The four cells around a pixel's centre, and where it lies between the middle two, 0 ..< 1.
    private struct Neighbours {
        let cells: SIMD4<Int>
        let share: Float

        /// Catmull and Rom's cubic through `values`, as differences, so that equal ones give just themselves.
        func interpolated(_ values: SIMD4<Float>) -> Float {
            let (a, b, c, d) = (values[0], values[1], values[2], values[3])
            let cubic = 3 * (b - c) + (d - a)
            let quadratic = 2 * (a - b) + 3 * (c - b) + (c - d)
            return b + 0.5 * share * ((c - a) + share * (quadratic + share * cubic))
        }
    }

    /// A map of the whole image. Throws `ImageError.invalidArgument` as ``Preprocessing/placement(width:height:)``.
    public init(_ grid: ActivationGrid, width: Int, height: Int, preprocessing: Preprocessing) throws {
        let whole = PixelRect(left: 0, top: 0, width: width, height: height)
        try self.init(tiles: [(whole, grid)], width: width, height: height, preprocessing: preprocessing)
    }

    /// A map stitched from those of tiles. Where tiles overlap, each counts the more the farther the pixel lies from its
    /// edge, so that no seam shows. Throws `ImageError.invalidArgument` for a tile that is not in the image.
    public init(
        tiles: [(place: PixelRect, grid: ActivationGrid)], width: Int, height: Int,
        preprocessing: Preprocessing
    ) throws {
        self.width = width
        self.height = height
        parts = try tiles.map { tile in
            let (place, grid) = tile
            guard place.fits(width: width, height: height) else {
                throw ImageError.invalidArgument(
                    "a tile of \(place.width)×\(place.height) pixels at \(place.left), \(place.top) of an image of "
                        + "\(width)×\(height)")
            }
            let placement = try preprocessing.placement(width: place.width, height: place.height)
            let size = preprocessing.imageSize
            let seen = placement.seen(width: place.width, height: place.height, size: size)
            return Part(
                grid: grid,
                seen: PixelRect(
                    left: place.left + seen.left, top: place.top + seen.top, width: seen.width,
                    height: seen.height),
                columns: Self.neighbours(
                    seen.left..<seen.left + seen.width, placement.horizontal, cells: grid.columns),
                rows: Self.neighbours(
                    seen.top..<seen.top + seen.height, placement.vertical, cells: grid.rows))
        }
    }

    private static func neighbours(
        _ pixels: Range<Int>, _ axis: InputPlacement.Axis, cells: Int
    ) -> [Neighbours] {
        pixels.map { pixel in
            let cell =
                (axis.input(Double(pixel) + 0.5) - ActivationGrid.firstCentre) / ActivationGrid.pitch
            let inside = min(max(cell, 0), Double(cells - 1))
            let first = Int(inside)
            return Neighbours(
                cells: SIMD4(max(first - 1, 0), first, min(first + 1, cells - 1), min(first + 2, cells - 1)),
                share: Float(inside - Double(first)))
        }
    }

    /// Parts of the image that the network saw: all of it but what a crop cuts off, once for each tile.
    public var seen: [PixelRect] { parts.map(\.seen) }

    /// Values `[height, width]` row by row, in units of logits: the mean over the network's input, plus a bias, is the
    /// class's logit. 0 where the network saw nothing.
    public var values: [Float] {
        var all: [Float] = []
        all.reserveCapacity(width * height)
        var row = Row(width: width)
        for y in 0..<height {
            fill(&row, y)
            all += row.values
        }
        return all
    }

    /// The highest value and where it is, in pixels; the middle where it is at several neighbouring pixels.
    public struct Peak: Sendable, Equatable {
        public let x: Int
        public let y: Int
        public let value: Float

        package init(x: Int, y: Int, value: Float) {
            self.x = x
            self.y = y
            self.value = value
        }
    }

    /// The first of equal peaks; `nil` if the network saw nothing.
    public var peak: Peak? {
        var best: (left: Int, right: Int, top: Int, bottom: Int, value: Float)?
        var row = Row(width: width)
        for y in 0..<height {
            fill(&row, y)
            if let found = best, found.bottom == y - 1, row.weights[found.left] > 0,
                row.values[found.left] == found.value
            {
                best?.bottom = y
            }
            for x in 0..<width where row.weights[x] > 0 {
                let value = row.values[x]
                if let found = best, value <= found.value {
                    if value == found.value, y == found.top, x == found.right + 1 { best?.right = x }
                } else {
                    best = (x, x, y, y, value)
                }
            }
        }
        return best.map {
            Peak(x: ($0.left + $0.right) / 2, y: ($0.top + $0.bottom) / 2, value: $0.value)
        }
    }

    /// Values of one row of pixels, and how much counts for each; 0 where the network saw nothing.
    struct Row {
        var values: [Float]
        var weights: [Float]

        init(width: Int) {
            values = [Float](repeating: 0, count: width)
            weights = values
        }
    }

    /// - Precondition: `y` is a row of the image, `row` as wide as the image.
    func fill(_ row: inout Row, _ y: Int) {
        for x in 0..<width { (row.values[x], row.weights[x]) = (0, 0) }
        for part in parts where y >= part.seen.top && y < part.seen.top + part.seen.height {
            let line = y - part.seen.top
            let place = part.rows[line]
            let lines = place.cells &* part.grid.columns
            let cells = (0..<part.grid.columns).map { column in
                let values = part.grid.values
                return place.interpolated(
                    SIMD4(
                        values[lines[0] + column], values[lines[1] + column], values[lines[2] + column],
                        values[lines[3] + column]))
            }
            let vertical = Self.weight(line, of: part.seen.height)
            for (column, place) in part.columns.enumerated() {
                let value = place.interpolated(
                    SIMD4(
                        cells[place.cells[0]], cells[place.cells[1]], cells[place.cells[2]],
                        cells[place.cells[3]]))
                let weight = parts.count == 1 ? 1 : vertical * Self.weight(column, of: part.seen.width)
                row.values[part.seen.left + column] += weight * value
                row.weights[part.seen.left + column] += weight
            }
        }
        if parts.count > 1 {
            for x in 0..<width where row.weights[x] > 0 { row.values[x] /= row.weights[x] }
        }
    }

    /// Distance from the nearer edge as a share of half the length, above 0 up to 1.
    private static func weight(_ position: Int, of length: Int) -> Float {
        Float(2 * min(position, length - 1 - position) + 1) / Float(length)
    }
}
