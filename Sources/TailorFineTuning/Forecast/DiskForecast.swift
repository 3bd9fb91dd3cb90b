import Foundation
import TailorResNet

/// Room that a run folder takes on the disk.
public struct DiskForecast: Codable, Sendable, Hashable {
    /// At its largest, under way; and in the end. Bytes.
    public var peakBytes: Int
    public var finalBytes: Int
    /// Free where the folder will lie; nil where the system does not tell.
    public var freeBytes: Int?
    /// What the folder holds already, of a run that goes on.
    public var heldBytes: Int

    /// Thumbnail, file list and prediction of an image; report and records.
    private static let imageBytes = 5 << 10
    private static let recordBytes = 2 << 20

    init(_ recipe: Recipe, images: ForecastImages, folder: URL?) {
        let state = ResNet18.stateBytes(classCount: images.classes)
        let parameters = 4 * ResNet18.parameterCount(from: recipe.deepestStage, classCount: images.classes)
        let average =
            recipe.weightAveraging == nil
            ? 0 : 4 * ResNet18.parameterCount(from: .stem, classCount: images.classes)
        let optimizer = recipe.phases.isEmpty ? 0 : recipe.optimizer.rememberedCount * parameters
        let records = Self.recordBytes + (images.train + images.validation) * Self.imageBytes
        let runs = recipe.search?.rateFactors.count ?? 0
        let others = recipe.averagesRuns ? 1 + recipe.seeds + runs : 0
        finalBytes = 2 * state + records
        // While a checkpoint is written there are two others.
        peakBytes = finalBytes + 3 * (state + average + optimizer) + others * state
        freeBytes = folder.flatMap(Self.free)
        heldBytes = folder.map { RunFolder($0).hasRecord ? Self.held(in: $0) : 0 } ?? 0
    }

    /// Bytes of a folder's files; 0 where there is none.
    private static func held(in folder: URL) -> Int {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.fileSizeKey])
        return (files?.compactMap { $0 as? URL } ?? []).reduce(0) {
            $0 + ((try? $1.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? 0)
        }
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
