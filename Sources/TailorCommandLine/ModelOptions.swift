import ArgumentParser
import TailorImages
import TailorInference

extension Classifier.Precision: ExpressibleByArgument {}

/// How a model file is run.
package struct ModelOptions: ParsableArguments {
    @Option(
        help: "Arithmetic of a model in floats: auto (bf16 where the processor has it), fp32 or bf16.")
    package var precision = Classifier.Precision.automatic

    @Option(
        help: ArgumentHelp(
            "Answers less probable than this are marked unsure. Default: as export was told.",
            valueName: "0…1"))
    package var minProbability: Double?

    @Option(
        help: ArgumentHelp(
            "Classify overlapping parts of each picture, for things too small to survive resizing: auto, or "
                + "columns and rows.",
            valueName: "auto|3x2"))
    package var tiles: String?

    @Option(help: ArgumentHelp("Share of a tile that its neighbour sees too.", valueName: "0…0.9"))
    package var tileOverlap = 0.25

    @Option(
        help: ArgumentHelp(
            "The tile most probably of this class speaks for the picture. Default: the mean of all tiles.",
            valueName: "class"))
    package var worst: String?

    @Flag(name: .customLong("no-cache"), help: "Keep no compiled model for the next start.")
    package var noCache = false

    package init() {}

    package func validate() throws {
        if let minProbability, !(0...1).contains(minProbability) {
            throw ValidationError("--min-probability \(minProbability): expected 0…1")
        }
        if worst != nil, tiles == nil { throw ValidationError("--worst needs --tiles") }
        do { _ = try tiling() } catch let error as ImageError {
            throw ValidationError("--tiles, --tile-overlap: \(error)")
        }
    }

    func tiling() throws -> Classifier.Tiling? {
        guard let tiles else { return nil }
        return Classifier.Tiling(
            grid: try TileGrid(try layout(tiles), overlap: tileOverlap),
            rule: worst.map { .worst($0) } ?? .mean)
    }

    private func layout(_ text: String) throws -> TileGrid.Layout {
        if text == "auto" { return .automatic }
        let parts = text.lowercased().split(separator: "x", omittingEmptySubsequences: false)
        guard parts.count == 2, let columns = Int(parts[0]), let rows = Int(parts[1]) else {
            throw ValidationError("--tiles \(text): expected auto, or columns and rows as 3x2")
        }
        return .grid(columns: columns, rows: rows)
    }
}
