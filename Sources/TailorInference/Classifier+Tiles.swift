import TailorEvaluation
import TailorImages

/// An image's answer, combined from its tiles.
public struct TiledClassification: Sendable, Equatable {
    /// Answer for the whole image.
    public let overall: Classification
    /// Tiles, in pixels of the image.
    public let tiles: [PixelRect]
    /// Answers of the tiles, in their order.
    public let answers: [Classification]
    /// Index of the tile that decided, or, for a mean, of the one with the highest probability of the
    /// predicted class.
    public let decisive: Int

    /// The decisive tile.
    public var place: PixelRect { tiles[decisive] }
}

extension Classifier {
    /// Rule that combines the answers of tiles.
    public enum TileRule: Sendable, Equatable {
        /// Mean of the tiles' probabilities.
        case mean
        /// Answer of the tile with the highest probability of this class: one defect is enough.
        case worst(String)
    }

    /// Classifies overlapping tiles of an image.
    ///
    /// Throws `ImageError.invalidArgument` for a class that the model does not know, and as `classify`.
    public func classify(_ image: RGBImage, tiles grid: TileGrid, rule: TileRule) throws
        -> TiledClassification
    {
        let tiles = grid.tiles(
            width: image.width, height: image.height, imageSize: description.preprocessing.imageSize)
        return try combined(tiles.map { try classify(image.cropped(to: $0)) }, tiles: tiles, rule: rule)
    }

    /// Combines the answers of tiles, in their order.
    func combined(_ answers: [Classification], tiles: [PixelRect], rule: TileRule) throws
        -> TiledClassification
    {
        switch rule {
        case .worst(let name):
            let label = try label(ofTile: name)
            let decisive = answers.mostProbable(label)
            return TiledClassification(
                overall: answers[decisive], tiles: tiles, answers: answers, decisive: decisive)
        case .mean:
            let overall = decider.mean(of: answers)
            return TiledClassification(
                overall: overall, tiles: tiles, answers: answers,
                decisive: answers.mostProbable(overall.best))
        }
    }
}

extension Classifier {
    /// Label of the class whose most probable tile speaks. Throws `ImageError.invalidArgument`.
    func label(ofTile name: String) throws -> Int {
        guard let label = description.classes.firstIndex(of: name) else {
            throw ImageError.invalidArgument(
                "tiles: expected a class of the model (\(description.classes.prefix(20).joined(separator: ", "))), "
                    + "got \(name)")
        }
        return label
    }
}

extension [Classification] {
    /// Index of the element with the highest probability of a class; the first of equals.
    fileprivate func mostProbable(_ label: Int) -> Int {
        map { $0.probabilities[label] }.argmax ?? 0
    }
}
