import Foundation
import TailorImages
import TailorInference
import TailorModelFile
import TailorSupport

/// Calibration: measures activations by running the exported graph with them as outputs.
package struct Calibrator {
    package let network: FoldedNetwork
    package let preprocessing: Preprocessing
    package let threads: Int

    package init(network: FoldedNetwork, preprocessing: Preprocessing, threads: Int) {
        self.network = network
        self.preprocessing = preprocessing
        self.threads = threads
    }

    /// What the activations were.
    package struct Measurement: Sendable {
        /// By activation, see ``ActivationName``.
        package var histograms: [String: ActivationHistogram]
        /// By the names of convolutions' inputs.
        package var moments: [String: ActivationMoments]

        fileprivate mutating func merge(_ other: Measurement) {
            histograms.merge(other.histograms) { $0.merged(with: $1) }
            moments.merge(other.moments) { $0.merged(with: $1) }
        }
    }

    /// Measures the activations over resized images. Two passes: the extremes, then all else.
    package func measure(
        _ images: [RGBImage], progress: (@Sendable (Int, Int) -> Void)? = nil
    ) throws -> Measurement {
        // Features are an output in any case.
        let measured =
            ActivationName.all(network).filter { $0 != ActivationName.features } + [GraphNames.pooled]
        let graph = NetworkGraph.make(
            network, arithmetic: .float32, input: .external, preprocessing: preprocessing,
            extraOutputs: measured)
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
        ranges[GraphNames.pooled] = nil

        let empty = Measurement(
            histograms: ranges.mapValues { ActivationHistogram(range: $0) },
            moments: Dictionary(
                network.inputs.map { ($0.input, ActivationMoments(channels: $0.convolution.shape[1])) },
                uniquingKeysWith: { first, _ in first }))
        let second: @Sendable (Int) -> Void = { progress?(images.count + $0, total) }
        let parts = try pass(images, compiled, start: empty, report: second) { request, found in
            for (name, index) in outputs {
                try request.output(index) { values in
                    found.histograms[name]?.add(values)
                    found.moments[name]?.add(values)
                }
            }
        }
        return parts.reduce(into: empty) { $0.merge($1) }
    }

    /// Runs the graph on all images. Returns one state a thread, each over its share of the images.
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

/// Histogram of an activation's values over a known range.
package struct ActivationHistogram: Sendable {
    package static let binCount = 2048

    /// Smallest and largest value seen, widened to hold 0.
    package let range: ClosedRange<Float>
    package private(set) var counts = [Int](repeating: 0, count: binCount)

    package init(range: ClosedRange<Float>) {
        self.range = min(range.lowerBound, 0)...max(range.upperBound, 0)
    }

    /// Width of a bin; 0 when everything is 0.
    package var binWidth: Float { (range.upperBound - range.lowerBound) / Float(Self.binCount) }

    /// Counts values.
    package mutating func add(_ values: UnsafeBufferPointer<Float>) {
        let width = binWidth
        guard width > 0 else { return }
        let (low, perUnit) = (range.lowerBound, 1 / width)
        counts.withUnsafeMutableBufferPointer { counts in
            for value in values {
                let bin = Int(max(0, min(Float(Self.binCount - 1), (value - low) * perUnit)))
                counts[bin] += 1
            }
        }
    }

    /// Sum of two histograms of the same range.
    package func merged(with other: ActivationHistogram) -> ActivationHistogram {
        var sum = self
        for bin in counts.indices { sum.counts[bin] += other.counts[bin] }
        return sum
    }

    /// Lower edge of a bin.
    package func edge(_ bin: Int) -> Float { range.lowerBound + Float(bin) * binWidth }
}

/// Names of the activations that can be quantized: a convolution's name stands for its output after the ReLU,
/// if one follows, a block's name for its output after the addition and ReLU.
package enum ActivationName {
    package static let features = "features"

    /// All activations of a network, from input to output.
    package static func all(_ network: FoldedNetwork) -> [String] {
        [network.stem.name]
            + network.blocks.flatMap { block in
                [block.conv1.name, block.conv2.name] + (block.downsample.map { [$0.name] } ?? []) + [
                    block.name
                ]
            } + [features]
    }
}
