import Foundation
import Tailor
import TailorCommandLine
import TailorTerminal

/// An audit as commands make it: with progress, and with features unless they were left out.
struct AuditWork {
    /// Whether features of the pretrained backbone are compared.
    let features: Bool
    let weights: WeightsOptions
    let machine: FineTuner.Machine
    let quiet: Bool

    /// Seconds of computing features from which on they are announced.
    private static let longFeatures = 60.0

    func audit(_ root: URL, options: DatasetAudit.Options) throws -> DatasetAudit {
        let console = PassConsole(quiet: quiet)
        defer { console.finish() }
        let progress: @Sendable (DatasetAudit.Progress) -> Void = {
            console.show($0.step, done: $0.done, total: $0.total)
        }
        guard features else { return try DatasetAudit(root, options: options, progress: progress) }
        let source = try weights.source()
        return try DatasetAudit(
            root, options: options,
            weights: {
                console.finish()
                return try PretrainedWeights.load(source) { if !quiet { Console.note($0) } }
            }, machine: machine,
            forecast: { images, seconds in
                guard seconds >= Self.longFeatures, !quiet else { return }
                console.finish()
                Console.note(
                    "\(Format.count(images, "image")): features will take about \(Format.duration(seconds)); "
                        + "--no-features leaves them out")
            }, progress: progress)
    }
}
