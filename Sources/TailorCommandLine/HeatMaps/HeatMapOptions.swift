import Foundation
import TailorArguments
import TailorEvaluation
import TailorImages
import TailorInference
import TailorSupport

/// Options for pictures that show where a class was seen.
package struct HeatMapOptions: ArgumentGroup {
    @Option(
        placeholder: "folder", completion: .folder,
        help:
            "Draw where in each image the answer was seen, into a new folder, or over the pictures of an earlier call; "
            + "heatmaps.csv there lists them.")
    package var heatmap: String?

    @Option(placeholder: "class", shown: "the one that is answered", help: "Class of the heat maps.")
    package var heatmapClass: String?

    package init() {}

    package func validate() throws {
        if heatmapClass != nil, heatmap == nil { throw UsageError("--heatmap-class needs --heatmap") }
    }

    /// The folder to draw into; `nil` if none was asked for. Throws `UsageError` for a class that the model does not
    /// know, and as ``HeatMapFolder``.
    package func folder(inputs: [String], files: [String], classes: [String]) throws -> HeatMapFolder? {
        guard let heatmap else { return nil }
        if let heatmapClass {
            try NamedClass.check(heatmapClass, option: "--heatmap-class", among: classes)
        }
        return try HeatMapFolder(URL(fileURLWithPath: heatmap), inputs: inputs, files: files)
    }
}
