import TailorEvaluation
import TailorImages

/// A picture's answer from its parts.
public struct TiledClassification: Sendable, Equatable {
    /// The picture's.
    public let overall: Classification
    public let tiles: [PixelRect]
    /// One a tile.
    public let answers: [Classification]
    /// Number of the tile that decided, or, for a mean, of the one that is most like the answer.
    public let decisive: Int

    public var place: PixelRect { tiles[decisive] }
}

extension Classifier {
    /// How the answers of the parts become the picture's.
    public enum TileRule: Sendable, Equatable {
        /// Probabilities are averaged.
        case mean
        /// The part with the highest probability of this class speaks for the picture: one defect is enough.
        case worst(String)
    }

    /// Classifies overlapping parts of a picture.
    ///
    /// Throws `ImageError.invalidArgument` for a class that the model does not know, and as `classify`.
    public func classify(_ image: RGBImage, tiles grid: TileGrid, rule: TileRule) throws
        -> TiledClassification
    {
        let tiles = grid.tiles(
            width: image.width, height: image.height, imageSize: description.preprocessing.imageSize)
        let answers = try tiles.map { try classify(image.cropped(to: $0)) }
        switch rule {
        case .worst(let name):
            guard let label = description.classes.firstIndex(of: name) else {
                throw ImageError.invalidArgument(
                    "tiles: expected a class of the model (\(description.classes.prefix(20).joined(separator: ", "))), "
                        + "got \(name)")
            }
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

extension [Classification] {
    /// Number of the element with the highest probability of a class; the first of equals.
    fileprivate func mostProbable(_ label: Int) -> Int {
        map { $0.probabilities[label] }.argmax ?? 0
    }
}
