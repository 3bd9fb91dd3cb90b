import Tailor
import TestSupport
import Testing

/// Batch-norm statistics over batches of different size, by hand.
@Suite struct RunningStatisticsTests {
    private static let side = 64
    /// Values a channel that the first convolution makes of one image.
    private static let positions = 32 * 32

    /// The first convolution hands on every second pixel of every second row: channel c is colour c.
    private func passingOn() throws -> ResNet18 {
        let model = try ResNet18(classCount: 2, seed: 1)
        var weights = [Float](repeating: 0, count: 64 * 3 * 49)
        for color in 0..<3 { weights[(color * 3 + color) * 49 + 24] = 1 }
        let first = try #require(model.parameters.first { $0.name == "conv1.weight" }).tensor
        try withoutGradients { try first.copy(from: Tensor(weights, shape: [64, 3, 7, 7])) }
        return model
    }

    /// Images of one level each, `[levels, 3, side, side]`.
    private func batch(_ levels: [Float]) throws -> Tensor {
        let values = levels.flatMap { [Float](repeating: $0, count: 3 * Self.side * Self.side) }
        return try Tensor(values, shape: [levels.count, 3, Self.side, Self.side])
    }

    /// Of the first channel.
    private func statistics(_ model: ResNet18) throws -> [Float] {
        try ["bn1.running_mean", "bn1.running_var"].map { name in
            try #require(try model.buffers.first { $0.name == name }?.tensor.floats().first)
        }
    }

    /// Bessel's correction of a variance over the values of some images.
    private func unbiased(_ variance: Float, images: Int) -> Float {
        let count = Float(images * Self.positions)
        return variance * count / (count - 1)
    }

    @Test func momentumIsTheBatchsShareWhateverItsSize() throws {
        let model = try passingOn()
        // Mean 2, variance 1.
        _ = try model.updateRunningStatistics(batch([1, 3]), momentum: 1)
        expectClose(try statistics(model), [2, unbiased(1, images: 2)], relative: 1e-6)
        // Six images: mean 6, variance 4. Half of each, where images alike would count 2 to 6: mean 5.
        _ = try model.updateRunningStatistics(batch([4, 8, 4, 8, 4, 8]), momentum: 0.5)
        expectClose(
            try statistics(model), [4, (unbiased(1, images: 2) + unbiased(4, images: 6)) / 2], relative: 1e-6)
        // One image, no variance: a third of the mean of three batches.
        _ = try model.updateRunningStatistics(batch([10]), momentum: 1 / 3.0)
        expectClose(
            try statistics(model),
            [(2 + 6 + 10) / 3, (unbiased(1, images: 2) + unbiased(4, images: 6)) / 3], relative: 1e-6)
    }

    /// Images of one level each, one file a level.
    private func samples(_ levels: [UInt8], in folder: TemporaryFolder) throws -> [Sample] {
        try levels.enumerated().map { index, level in
            let image = try RGBImage(
                width: Self.side, height: Self.side, red: level, green: level, blue: level)
            try folder.write(image.ppm, to: "\(index).ppm")
            return Sample(root: folder.url.path, relativePath: "\(index).ppm", label: 0)
        }
    }

    private func runner(_ model: ResNet18) throws -> ModelRunner {
        ModelRunner(
            model: model, device: .cpu, autocast: nil,
            preprocessing: Preprocessing(
                imageSize: Self.side, mean: [0, 0, 0], standardDeviation: [1, 1, 1]),
            workers: 1, batchSize: 2)
    }

    /// The levels of these images as they are drawn, 0…1.
    private func drawn(_ levels: [UInt8], seed: UInt64) -> [Float] {
        EpochSampler(labels: levels.map { _ in 0 }, seed: seed).order(epoch: 0)
            .map { Float(levels[$0]) / 255 }
    }

    /// Five images in batches of two: the last, alone, counts half of what each of the pairs counts.
    @Test func recalibrationTakesImagesAlike() throws {
        let levels: [UInt8] = [0, 51, 102, 204, 255]
        let folder = try TemporaryFolder()
        let model = try passingOn()
        #expect(try runner(model).recalibrateBatchNorm(samples(levels, in: folder), seed: 5) == 5)
        let drawn = drawn(levels, seed: 5)
        try #require(drawn.count == 5 && Set(drawn).count == 5)
        let variances = [(drawn[0], drawn[1]), (drawn[2], drawn[3])].map { pair in
            let half = (pair.0 - pair.1) / 2
            return unbiased(half * half, images: 2)
        }
        let mean = drawn.reduce(0, +) / 5
        let variance = variances.reduce(0, +) * 2 / 5
        expectClose(try statistics(model), [mean, variance], relative: 1e-5)
        // Not the mean of the batches.
        let meanOfBatches = ((drawn[0] + drawn[1]) / 2 + (drawn[2] + drawn[3]) / 2 + drawn[4]) / 3
        #expect(abs(meanOfBatches - mean) > 0.01)
    }

    /// Batches of one size: the k-th enters by 1/k, to the bit.
    @Test func fullBatchesEnterByOneInTheirNumber() throws {
        let levels: [UInt8] = [3, 50, 99, 140, 201, 254]
        let folder = try TemporaryFolder()
        let model = try passingOn()
        #expect(try runner(model).recalibrateBatchNorm(samples(levels, in: folder), seed: 5) == 6)
        let expected = try passingOn()
        try expected.resetRunningStatistics()
        let drawn = drawn(levels, seed: 5)
        for k in 1...3 {
            _ = try expected.updateRunningStatistics(
                batch(Array(drawn[(2 * k - 2)..<(2 * k)])), momentum: 1 / Double(k))
        }
        for (got, wanted) in zip(model.buffers, expected.buffers) where got.tensor.dtype == .float32 {
            #expect(try got.tensor.floats() == wanted.tensor.floats(), "\(got.name)")
        }
    }
}
