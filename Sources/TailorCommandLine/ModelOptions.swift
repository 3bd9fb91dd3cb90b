import TailorArguments
import TailorImages
import TailorInference

extension Classifier.ComputePrecision: ArgumentValue {}

/// Options for running a model file.
package struct ModelOptions: ArgumentGroup {
    private static let standardOverlap = 0.25

    @Option(
        shown: Classifier.ComputePrecision.float32.argumentText,
        help: "Arithmetic of a model in floats; auto is bf16 where the processor has it.")
    package var precision: Classifier.ComputePrecision?

    @Option(
        placeholder: "probability", bounds: .within(0...1), shown: "as export was told",
        help: "Answers less probable than this are marked unsure.")
    package var minProbability: Double?

    @Option(
        completion: .words(["auto"]),
        help:
            "Classify overlapping parts of each picture, for things too small to survive resizing: auto, or "
            + "columns and rows.")
    package var tiles: TileGrid.Layout?

    @Option(
        placeholder: "share", bounds: .within(0...0.9), shown: standardOverlap.argumentText,
        help: "Share of a tile that its neighbour sees too.")
    package var tileOverlap: Double?

    @Option(
        placeholder: "class", shown: "the mean of all tiles",
        help: "The tile most probably of this class speaks for the picture.")
    package var worst: String?

    @Flag(help: "Keep no compiled model for the next start.")
    package var noCache = false

    package init() {}

    /// Options that were given, with their dashes.
    package var given: [String] {
        [
            ("--precision", precision != nil), ("--min-probability", minProbability != nil),
            ("--tiles", tiles != nil), ("--tile-overlap", tileOverlap != nil), ("--worst", worst != nil),
            ("--no-cache", noCache),
        ].filter(\.1).map(\.0)
    }

    package func validate() throws {
        if tileOverlap != nil, tiles == nil { throw UsageError("--tile-overlap needs --tiles") }
        if worst != nil, tiles == nil { throw UsageError("--worst needs --tiles") }
        do { _ = try tiling() } catch let error as ImageError {
            throw UsageError("--tiles, --tile-overlap: \(error)")
        }
    }

    func tiling() throws -> Classifier.Tiling? {
        guard let tiles else { return nil }
        return Classifier.Tiling(
            grid: try TileGrid(tiles, overlap: tileOverlap ?? Self.standardOverlap),
            rule: worst.map { .worst($0) } ?? .mean)
    }
}

extension TileGrid.Layout: ArgumentValue {
    package init(argument text: String) throws(ValueProblem) {
        if text == "auto" {
            self = .automatic
            return
        }
        let parts = text.lowercased().split(separator: "x", omittingEmptySubsequences: false)
        guard parts.count == 2, let columns = Int(parts[0]), let rows = Int(parts[1]) else {
            throw ValueProblem(expected: "auto, or columns and rows as 3x2")
        }
        self = .grid(columns: columns, rows: rows)
    }

    package var argumentText: String {
        switch self {
        case .automatic: "auto"
        case .grid(let columns, let rows): "\(columns)x\(rows)"
        }
    }
    package static var placeholder: String { "auto|3x2" }
}
