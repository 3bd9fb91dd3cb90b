import Foundation
import TailorResNet

/// Room that a run folder takes on the disk.
public struct DiskForecast: Codable, Sendable, Hashable {
    /// At its largest, under way; and in the end. Bytes.
    public var peakBytes: Int
    public var finalBytes: Int
    /// Free where the folder will lie; nil where the system does not tell.
    public var freeBytes: Int?

    /// Thumbnail, file list and prediction of an image; report and records.
    private static let imageBytes = 5 << 10
    private static let recordBytes = 2 << 20

    init(_ recipe: Recipe, images: ForecastImages, folder: URL?) {
        let state = ResNet18.stateBytes(classCount: images.classes)
        let parameters = 4 * ResNet18.parameterCount(from: recipe.deepestStage, classCount: images.classes)
        let moments = recipe.optimizer.kind == .adamw ? 2 : recipe.optimizer.momentum == 0 ? 0 : 1
        let average =
            recipe.weightAveraging == nil
            ? 0 : 4 * ResNet18.parameterCount(from: .stem, classCount: images.classes)
        let optimizer = recipe.phases.isEmpty ? 0 : moments * parameters
        let records = Self.recordBytes + (images.train + images.validation) * Self.imageBytes
        let runs = recipe.search?.rateFactors.count ?? 0
        let others = recipe.search != nil || recipe.seeds > 1 ? 1 + recipe.seeds + runs : 0
        finalBytes = 2 * state + records
        // While a checkpoint is written there are two others.
        peakBytes = finalBytes + 3 * (state + average + optimizer) + others * state
        freeBytes = folder.flatMap(Self.free)
    }

    /// Bytes free at a folder, or at the nearest that exists above it.
    private static func free(at folder: URL) -> Int? {
        var path = folder.standardizedFileURL
        while !FileManager.default.fileExists(atPath: path.path), path.path != "/" {
            path.deleteLastPathComponent()
        }
        var facts = statvfs()
        guard statvfs(path.path, &facts) == 0 else { return nil }
        return Int(clamping: UInt64(facts.f_bavail) &* UInt64(facts.f_frsize))
    }
}
