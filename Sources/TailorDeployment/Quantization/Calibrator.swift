import Foundation
import TailorImages
import TailorInference
import TailorModelFile
import TailorSupport

/// Measures which values the activations take, by running the exported graph itself with them as outputs.
package struct Calibrator {
    package let network: FoldedNetwork
    package let preprocessing: Preprocessing
    package let threads: Int

    package init(network: FoldedNetwork, preprocessing: Preprocessing, threads: Int) {
        self.network = network
        self.preprocessing = preprocessing
        self.threads = threads
    }

    /// Histograms by activation over these pictures, which are resized already. Two passes: the extremes, then how
    /// often what lies between them.
    package func histograms(
        _ images: [RGBImage], progress: (@Sendable (Int, Int) -> Void)? = nil
    ) throws -> [String: ActivationHistogram] {
        let taps = ActivationName.all(network)
        // Features are an output of their own.
        let measured = taps.filter { $0 != ActivationName.features }
        let graph = NetworkGraph.make(
            network, arithmetic: .float32, input: .external, preprocessing: preprocessing,
            taps: measured)
        let compiled = try CompiledNetwork(
            onnx: ModelFile.serialized(graph), input: .pixels(preprocessing, batch: 1),
            settings: NetworkSettings(mode: .throughput, threads: threads))
        let outputs = [(ActivationName.features, 1)] + measured.enumerated().map { ($1, $0 + 2) }

        let total = 2 * images.count
        let first: @Sendable (Int) -> Void = { progress?($0, total) }
        let extremes = try pass(
            images, compiled, start: [String: ClosedRange<Float>](), report: first
        ) { request, found in
            for (name, index) in outputs {
                let range = try request.output(index, Self.extremes)
                found[name] = found[name].map { Self.union($0, range) } ?? range
            }
        }
        var ranges: [String: ClosedRange<Float>] = [:]
        for part in extremes { ranges.merge(part, uniquingKeysWith: Self.union) }

        let empty = ranges.mapValues { ActivationHistogram(range: $0) }
        let second: @Sendable (Int) -> Void = { progress?(images.count + $0, total) }
        let parts = try pass(images, compiled, start: empty, report: second) { request, histograms in
            for (name, index) in outputs {
                try request.output(index) { values in histograms[name]?.add(values) }
            }
        }
        var all = empty
        for part in parts { all.merge(part) { $0.merged(with: $1) } }
        return all
    }

    /// One state a thread, each over its share of the images.
    private func pass<State: Sendable>(
        _ images: [RGBImage], _ compiled: CompiledNetwork, start: State,
        report: @escaping @Sendable (Int) -> Void,
        _ body: @escaping @Sendable (InferenceRequest, inout State) throws -> Void
    ) throws -> [State] {
        let workers = max(1, min(threads, images.count))
        let done = ProgressCount(report)
        return try ParallelMap.run(workers, workers: workers, name: "calibrate") { worker in
            let request = try compiled.makeRequest()
            var state = start
            for index in stride(from: worker, to: images.count, by: workers) {
                try request.run([images[index]])
                try body(request, &state)
                done.advance()
            }
            return state
        }
    }

    private static func extremes(_ values: UnsafeBufferPointer<Float>) -> ClosedRange<Float> {
        var (low, high) = (Float(0), Float(0))
        for value in values {
            low = value < low ? value : low
            high = value > high ? value : high
        }
        return low...high
    }

    private static func union(_ a: ClosedRange<Float>, _ b: ClosedRange<Float>) -> ClosedRange<Float> {
        min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
    }
}
