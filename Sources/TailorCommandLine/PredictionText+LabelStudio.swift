import Foundation
import TailorEvaluation
import TailorSupport

/// Predictions as tasks for Label Studio.
extension PredictionText {
    /// One that could not be read is a task, too, without a prediction.
    func task(_ prediction: Prediction) -> LabelStudioTask {
        let answer = prediction.classification
        let facts = [
            "path": prediction.path, "rejected": answer?.rejection?.rawValue ?? "",
            "place": prediction.place.map(Self.geometry) ?? "", "error": prediction.error ?? "",
        ]
        return LabelStudioTask(
            imageURL: imageURL, path: servedPath(prediction.path), facts: facts,
            predictions: answer.map { [.init($0.label, score: $0.probability)] } ?? [])
    }

    static func servedRoot(_ files: [String]) -> String {
        let current = FileManager.default.currentDirectoryPath
        let isBelow = files.allSatisfy { !$0.hasPrefix("/") && absolute($0).hasPrefix(current + "/") }
        return isBelow ? current : "/"
    }

    /// Path of an image below ``servedRoot``.
    private func servedPath(_ path: String) -> String {
        let absolute = Self.absolute(path)
        return String(absolute.dropFirst(servedRoot == "/" ? 1 : servedRoot.count + 1))
    }

    private static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.path
    }

    /// The labelling interface that goes with the tasks; nil in other formats.
    package var interface: String? {
        format == .labelstudio
            ? LabelStudioTask.interface(
                classes: subject.classes,
                facts: ["rejected", "error"] + (subject.namesPlaces ? ["place"] : [])) : nil
    }
}
