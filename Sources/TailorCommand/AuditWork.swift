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

    /// - Parameter made: given the backbone, where there are features.
    func audit(
        _ root: URL, options: DatasetAudit.Options, made: ((BackboneFeatures) -> Void)? = nil
    ) throws -> DatasetAudit {
        let console = PassConsole(quiet: quiet)
        defer { console.finish() }
        let progress = progress(console)
        guard features else { return try DatasetAudit(root, options: options, progress: progress) }
        return try DatasetAudit(
            root, options: options, weights: loading(console), machine: machine,
            forecast: { announce($0, $1, "; --no-features leaves them out", console) }, made: made,
            progress: progress)
    }

    /// What a division must keep together.
    func inseparable(
        _ source: SplitSource, skipsProblems: Bool, intensityRange: IntensityRange?
    ) throws -> InseparableImages {
        let console = PassConsole(quiet: quiet)
        defer { console.finish() }
        let progress = progress(console)
        return try InseparableImages(
            in: source, skipsProblems: skipsProblems, intensityRange: intensityRange,
            workers: machine.workers,
            features: features
                ? DatasetAudit.backboneFeatures(
                    weights: loading(console), machine: machine, intensityRange: intensityRange,
                    forecast: { announce($0, $1, "", console) }, progress: progress) : nil,
            progress: progress)
    }

    private func progress(_ console: PassConsole) -> @Sendable (DatasetAudit.Progress) -> Void {
        { console.show($0.step, done: $0.done, total: $0.total) }
    }

    private func loading(_ console: PassConsole) throws -> () throws -> LoadedWeights? {
        let source = try weights.source()
        return {
            console.finish()
            return try PretrainedWeights.load(source) { if !quiet { Console.note($0) } }
        }
    }

    private func announce(_ images: Int, _ seconds: Double, _ advice: String, _ console: PassConsole) {
        guard seconds >= Self.longFeatures, !quiet else { return }
        console.finish()
        Console.note(
            "\(Format.count(images, "image")): features will take about \(Format.duration(seconds))\(advice)")
    }
}
