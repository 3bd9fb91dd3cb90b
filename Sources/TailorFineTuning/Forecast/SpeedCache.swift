import Foundation
import TailorSupport
import TailorTensors

/// Times of passes on this machine, measured once and kept in the user's cache folder.
///
/// A file that is missing, damaged or not to be written counts as empty: the times are measured again.
package struct SpeedCache: Sendable {
    /// What decides how fast a pass is.
    package struct Key: Hashable, CustomStringConvertible {
        let device: Device
        let precision: TrainingPrecision
        let statistics: BatchNormStatistics
        let pass: MeasuredPass
        let batchSize: Int
        let optimizer: OptimizerRecipe.Kind
        let isAveraged: Bool

        package init(
            device: Device, precision: TrainingPrecision, statistics: BatchNormStatistics, pass: MeasuredPass,
            batchSize: Int, optimizer: OptimizerRecipe.Kind, isAveraged: Bool
        ) {
            self.device = device
            self.precision = precision
            self.statistics = statistics
            self.pass = pass
            self.batchSize = batchSize
            self.optimizer = optimizer
            self.isAveraged = isAveraged
        }

        /// Stands in the file: nothing that changes the time may be missing.
        package var description: String {
            let work =
                switch pass {
                case .forward(let size): "forward \(size)"
                case .statistics(let size): "statistics \(size)"
                case .step(let first, let size):
                    "step \(first.rawValue) \(size) \(statistics.rawValue) \(optimizer.rawValue) \(isAveraged)"
                }
            return [
                TailorVersion.current, TorchRuntime.version, ProcessorName.current,
                TorchRuntime.cpuCapability,
                "\(ProcessorCount.available) cores", "\(TorchRuntime.threadCount) threads", "\(device)",
                device.name, precision.rawValue, "\(batchSize) images", work,
            ].joined(separator: " | ")
        }
    }

    private let file: URL?

    /// - Parameter folder: nil keeps nothing.
    package init(
        folder: URL? = CacheFolder.tailor(ProcessInfo.processInfo.environment)
    ) {
        file = folder?.appending(path: "speed.json")
    }

    private var entries: [String: PassSpeed] {
        guard let file, let data = try? RegularFile.contents(of: file),
            let found = try? JSONDecoder().decode([String: PassSpeed].self, from: data)
        else { return [:] }
        return found.filter { $0.value.isValid }
    }

    package func speed(_ key: Key) -> PassSpeed? { entries[key.description] }

    package func insert(_ speed: PassSpeed, for key: Key) {
        guard let file, speed.isValid else { return }
        var entries = entries
        entries[key.description] = speed
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        guard let data = try? encoder.encode(entries) else { return }
        try? FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try? AtomicFile.write(data, to: file)
    }
}
