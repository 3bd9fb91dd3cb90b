import Foundation
import TailorDatasets
import TailorFineTuning
import TailorImages

/// Small pictures for pages: images, and where in them a network saw a class.
package enum RunHeatMaps {
    /// Longest side of the pictures, pixels.
    private static let pictureSide = 256
    /// Images that are decoded at once.
    private static let imagesAtOnce = 16

    /// A heat map over its image, and the class that it is of.
    package struct Map {
        package let jpeg: Data
        package let label: Int
    }

    /// JPEGs of images and of their heat maps; nil for what cannot be read, and maps without a network.
    ///
    /// - Parameters:
    ///   - images: files, and the classes that the maps are of; nil for the one that is answered.
    ///   - progress: number of images done.
    package static func pictures(
        of images: [(sample: Sample, label: Int?)], by runner: ModelRunner?,
        progress: ((Int) -> Void)? = nil
    ) -> [(image: Data?, map: Map?)] {
        stride(from: 0, to: images.count, by: imagesAtOnce).flatMap { start in
            let part = Array(images[start..<min(start + imagesAtOnce, images.count)])
            defer { progress?(start + part.count) }
            return pictures(ofPart: part, by: runner)
        }
    }

    private static func pictures(
        ofPart images: [(sample: Sample, label: Int?)], by runner: ModelRunner?
    ) -> [(image: Data?, map: Map?)] {
        let decoder = runner?.preprocessing.decoder ?? ImageDecoder()
        // A file that has gone or changed is left out, so that the others have their maps.
        let decoded = images.map { try? decoder.decode(contentsOf: $0.sample.url) }
        let readable = images.indices.filter { decoded[$0] != nil }
        let outputs = try? runner?.logitsAndMaps(readable.map { images[$0].sample })
        var found = [(image: Data?, map: Map?)](repeating: (nil, nil), count: images.count)
        for (position, index) in readable.enumerated() {
            guard let image = decoded[index],
                let small = try? Thumbnail.scaled(image, longestSide: pictureSide)
            else { continue }
            found[index].image = try? small.jpegData(quality: 80)
            guard let outputs, let preprocessing = runner?.preprocessing else { continue }
            let maps = outputs.maps[position]
            let label = images[index].label ?? outputs.logits[position].argmax ?? 0
            guard label < maps.classCount else { continue }
            let overlay = try? HeatMapOverlay(
                HeatMap(
                    maps[label], width: small.width, height: small.height, preprocessing: preprocessing),
                over: small)
            found[index].map = (try? overlay?.image.jpegData(quality: 80)).map { Map(jpeg: $0, label: label) }
        }
        return found
    }
}
