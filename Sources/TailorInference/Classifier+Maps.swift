import TailorEvaluation
import TailorImages

/// An image's answer, and where in the image a class was seen.
public struct Explanation: Sendable {
    public let classification: Classification
    /// Index of the class that ``heatMap`` is of.
    public let label: Int
    public let heatMap: HeatMap

    package init(classification: Classification, label: Int, heatMap: HeatMap) {
        self.classification = classification
        self.label = label
        self.heatMap = heatMap
    }
}

extension Classifier {
    /// Whether the model gives activation maps.
    public var hasMaps: Bool { description.maps != nil }

    /// Classifies an image, and shows where in it a class was seen.
    ///
    /// - Parameter className: class of the map; `nil` for the one that is answered.
    /// - Throws: ``ClassifierError/noMaps``, `ImageError.invalidArgument` for a class that the model does not know, and
    ///   as `classify`.
    public func explain(_ image: RGBImage, class className: String? = nil) throws -> Explanation {
        let chosen = try className.map(label(named:))
        let (outputs, maps) = try allOutputs(prepared(image))
        let answer = try decider.decide(logits: outputs.logits, features: outputs.features)
        let label = chosen ?? answer.best
        return Explanation(
            classification: answer, label: label,
            heatMap: try HeatMap(
                maps[label], width: image.width, height: image.height,
                preprocessing: description.preprocessing))
    }

    /// Classifies an image in tiles, and stitches their maps to one of the whole image.
    ///
    /// Throws as ``explain(_:class:)`` and ``classify(_:tiles:rule:)``.
    public func explain(
        _ image: RGBImage, tiles grid: TileGrid, rule: TileRule, class className: String? = nil
    ) throws -> (answer: TiledClassification, explanation: Explanation) {
        let chosen = try className.map(label(named:))
        let tiles = grid.tiles(
            width: image.width, height: image.height, imageSize: description.preprocessing.imageSize)
        let parts = try tiles.map { tile in
            let (outputs, maps) = try allOutputs(prepared(image.cropped(to: tile)))
            return (
                answer: try decider.decide(logits: outputs.logits, features: outputs.features), maps: maps
            )
        }
        let answer = try combined(parts.map(\.answer), tiles: tiles, rule: rule)
        let label = chosen ?? answer.overall.best
        let map = try HeatMap(
            tiles: zip(tiles, parts).map { ($0, $1.maps[label]) }, width: image.width, height: image.height,
            preprocessing: description.preprocessing)
        return (answer, Explanation(classification: answer.overall, label: label, heatMap: map))
    }

    /// Logits and activation maps of an image of any size.
    package func logitsAndMaps(_ image: RGBImage) throws -> (logits: [Float], maps: ActivationMaps) {
        try preparedLogitsAndMaps(prepared(image))
    }

    /// Logits and activation maps of an image as the model takes it.
    package func preparedLogitsAndMaps(_ input: RGBImage) throws -> (logits: [Float], maps: ActivationMaps) {
        let (outputs, maps) = try allOutputs(input)
        return (outputs.logits, maps)
    }

    /// Throws `ImageError.invalidArgument`.
    private func label(named name: String) throws -> Int {
        guard let label = description.classes.firstIndex(of: name) else {
            throw ImageError.invalidArgument(
                "heat map: expected a class of the model (\(description.classes.prefix(20).joined(separator: ", "))), "
                    + "got \(name)")
        }
        return label
    }
}
