import Foundation
import TailorDatasets
import TailorImages
import TailorSupport
import TestSupport
import Testing

@Suite struct BatchLoaderTests {
    /// 11 images of 6 × 4 in two classes.
    private let made: MadeDataset
    private let samples: [Sample]
    private let order = [3, 1, 4, 10, 5, 9, 2, 6, 8, 7, 0]

    init() throws {
        made = try MadeDataset((0..<11).map { "\($0 < 6 ? "a" : "b")/\(100 + $0).ppm" })
        samples = try DatasetFolder.scan(made.url).train
    }

    private static let augmented = SampleTransform(
        preprocessing: Preprocessing(imageSize: 8), augmentation: .standard)
    private static let plain = SampleTransform(preprocessing: Preprocessing(imageSize: 8))

    /// What a batch holds, to compare.
    private struct Contents: Equatable {
        let floats: [Float]
        let labels: [Int64]
        let indices: [Int]
    }

    private func batches(
        order: [Int]? = nil, batchSize: Int = 3, dropLast: Bool = false,
        transform: SampleTransform = Self.augmented,
        workers: Int = 2, seed: UInt64 = 1, epoch: Int = 0, skipping: Int = 0, prefetch: Int = 3,
        cache: DecodedImageCache? = nil
    ) throws -> [Contents] {
        let loader = try BatchLoader(
            samples: samples, order: order ?? self.order, batchSize: batchSize, dropLast: dropLast,
            transform: transform, workers: workers, seed: seed, epoch: epoch, skippingBatches: skipping,
            prefetch: prefetch, cache: cache)
        var batches: [Contents] = []
        while let batch = try loader.next() {
            #expect(batch.height == 8)
            #expect(batch.width == 8)
            #expect(batch.pixels.count == batch.count * 8 * 8 * 3)
            batches.append(
                Contents(floats: batch.pixels.floats, labels: batch.labels, indices: batch.indices))
        }
        #expect(batches.count == loader.batchCount)
        #expect(try loader.next() == nil)
        return batches
    }

    @Test func everySampleInOrderWithItsLabel() throws {
        let batches = try batches()
        #expect(batches.map(\.indices) == [[3, 1, 4], [10, 5, 9], [2, 6, 8], [7, 0]])
        #expect(batches.map(\.labels) == [[0, 0, 0], [1, 0, 1], [0, 1, 1], [1, 0]])
    }

    /// A limit on tasks leaves no thread: whoever asks for a batch loads it.
    @Test func withoutThreadsTheBatchesAreTheSame() throws {
        let expected = try batches()
        try WorkerThreads.$stackSize.withValue(1 << 47) { () throws in
            #expect(try batches() == expected)
            #expect(try batches(prefetch: 1) == expected)
            #expect(try batches(skipping: 2) == Array(expected.dropFirst(2)))
        }
    }

    @Test func pixelsAreThoseOfTheEvaluationTransform() throws {
        let preprocessing = Preprocessing(imageSize: 8)
        var expected: [Float] = []
        for index in order[..<3] {
            let image = try ImageDecoder().decode(contentsOf: samples[index].url)
            let resized = try preprocessing.resizedAndCropped(image)
            var floats = [Float](repeating: -99, count: 8 * 8 * 3)
            floats.withUnsafeMutableBufferPointer { preprocessing.normalize(resized, into: $0) }
            expected += floats
        }
        #expect(try batches(transform: Self.plain)[0].floats == expected)
        let identity = SampleTransform(preprocessing: preprocessing, augmentation: Augmentation.none)
        #expect(try batches(transform: identity)[0].floats == expected)
        #expect(try batches()[0].floats != expected)
    }

    @Test func anotherTrainingSizeKeepsTheProportions() throws {
        let base = Preprocessing(imageSize: 16, resizeShortSide: 20)
        let transform = SampleTransform(preprocessing: base, trainSize: 8)
        #expect(transform.size == 8)
        #expect(transform.elementCount == 192)
        let same = SampleTransform(preprocessing: Preprocessing(imageSize: 8, resizeShortSide: 10))
        #expect(try batches(transform: transform) == batches(transform: same))
    }

    @Test func theSameBatchesWhateverTheWorkers() throws {
        let one = try batches(workers: 1, prefetch: 1)
        for (workers, prefetch) in [(4, 3), (16, 8), (0, 0), (2, 100)] {
            #expect(try batches(workers: workers, prefetch: prefetch) == one)
        }
        #expect(try batches(seed: 2).map(\.floats) != one.map(\.floats))
        #expect(try batches(epoch: 1).map(\.floats) != one.map(\.floats))
        // A sample's pixels depend on nothing but itself, the seed and the epoch.
        let alone = try batches(order: [9], batchSize: 5)
        #expect(alone[0].floats == Array(one[1].floats[(2 * 192)...]))
    }

    @Test func resumingGivesTheSameBatches() throws {
        let all = try batches()
        #expect(try batches(order: Array(order[6...])) == Array(all[2...]))
        #expect(try batches(skipping: 2) == Array(all[2...]))
        #expect(try batches(skipping: 4) == [])
        #expect(try batches(skipping: 40) == [])
        let repeated = [0, 1, 0, 0, 1, 1, 0]
        let oversampled = try batches(order: repeated)
        #expect(try batches(order: repeated, skipping: 1) == Array(oversampled[1...]))
        // The same image again is not the same picture again.
        #expect(oversampled[0].floats[..<192] != oversampled[0].floats[384...])
    }

    @Test(arguments: [
        (3, false, [3, 3, 3, 2]), (3, true, [3, 3, 3]), (11, true, [11]), (12, true, [11]),
        (100, false, [11]),
        (1, false, [Int](repeating: 1, count: 11)), (.max, false, [11]),
    ])
    func sizesOfBatches(batchSize: Int, dropLast: Bool, expected: [Int]) throws {
        #expect(try batches(batchSize: batchSize, dropLast: dropLast).map(\.labels.count) == expected)
    }

    @Test func noSamplesNoBatches() throws {
        #expect(try batches(order: []) == [])
    }

    @Test func cachedImagesGiveTheSameBatches() throws {
        let plain = try batches()
        let cache = DecodedImageCache(byteBudget: 5 * 72)
        #expect(try batches(workers: 3, cache: cache) == plain)
        #expect(cache.contents == (5, 360))
        #expect(try batches(workers: 3, cache: cache) == plain)
    }

    @Test func aBatchOutlivesTheNext() throws {
        let loader = try BatchLoader(
            samples: samples, order: order + order + order, batchSize: 2, transform: Self.plain, workers: 2,
            seed: 1,
            epoch: 0)
        var kept: [(batch: BatchLoader.Batch, floats: [Float])] = []
        while let batch = try loader.next() {
            // Every third is kept, so that buffers are used again in between.
            if kept.count * 3 <= batch.indices[0] + 30 { kept.append((batch, batch.pixels.floats)) }
        }
        for (batch, floats) in kept { #expect(batch.pixels.floats == floats) }
    }

    @Test(arguments: [1, 4])
    func aFailingFileIsNamedAtItsBatch(workers: Int) throws {
        let path = samples[9].url.path
        try Data("P6 broken".utf8).write(to: samples[9].url)
        try FileManager.default.removeItem(at: samples[5].url)
        let loader = try BatchLoader(
            samples: samples, order: order, batchSize: 3, transform: Self.plain, workers: workers, seed: 1,
            epoch: 0)
        #expect(try loader.next()?.indices == [3, 1, 4])
        // Samples 5 and 9 fail, in this order, whichever thread is faster.
        let error = #expect(throws: SampleLoadingError.self) { try loader.next() }
        #expect(error?.path == samples[5].url.path)
        #expect(error?.batch == 1)
        #expect(error?.description.hasPrefix("batch 1: ") == true)
        #expect(error?.description.contains(samples[5].url.path) == true)
        let again = #expect(throws: SampleLoadingError.self) { try loader.next() }
        #expect(again == error)
        let resumed = try BatchLoader(
            samples: samples, order: [9], batchSize: 3, transform: Self.plain, workers: workers, seed: 1,
            epoch: 0)
        let other = #expect(throws: SampleLoadingError.self) { try resumed.next() }
        #expect(other?.path == path)
    }

    /// A file replaced by a FIFO would keep a careless reader waiting for ever.
    @Test(.timeLimit(.minutes(1))) func aFileThatTurnsIntoAFIFO() throws {
        try FileManager.default.removeItem(at: samples[0].url)
        mkfifo(samples[0].url.path, 0o600)
        let loader = try BatchLoader(
            samples: samples, order: [1, 0], batchSize: 1, transform: Self.plain, workers: 2, seed: 1,
            epoch: 0)
        #expect(try loader.next()?.indices == [1])
        #expect(throws: SampleLoadingError.self) { try loader.next() }
    }

    @Test(.timeLimit(.minutes(1))) func stoppedAtAnyMoment() throws {
        for taken in 0..<4 {
            for workers in [1, 4] {
                let loader = try BatchLoader(
                    samples: samples, order: order, batchSize: 3, transform: Self.augmented, workers: workers,
                    seed: 1, epoch: 0, prefetch: 1)
                for _ in 0..<taken { _ = try loader.next() }
                loader.stop()
                loader.stop()
                #expect(throws: BatchLoaderError.stopped) { try loader.next() }
                // Dropped without a word, with work under way.
                let dropped = try BatchLoader(
                    samples: samples, order: order, batchSize: 3, transform: Self.augmented, workers: workers,
                    seed: 1, epoch: 0)
                for _ in 0..<taken { _ = try dropped.next() }
            }
        }
    }

    @Test func loadingIsBounded() throws {
        // With one batch ahead, nothing beyond the second is decoded until the first is taken.
        let cache = DecodedImageCache()
        let loader = try BatchLoader(
            samples: samples, order: order, batchSize: 3, transform: Self.plain, workers: 4, seed: 1,
            epoch: 0,
            prefetch: 1, cache: cache)
        Thread.sleep(forTimeInterval: 0.2)
        #expect(cache.contents.images == 3)
        _ = try loader.next()
        loader.stop()
    }

    @Test func argumentsThatCannotBe() throws {
        func message(
            order: [Int] = [0], batchSize: Int = 1, size: Int = 8, mean: [Float] = [0, 0, 0], hue: Double = 0
        ) -> String? {
            let preprocessing = Preprocessing(imageSize: 8, mean: mean)
            var augmentation = Augmentation.standard
            augmentation.hue = hue
            let error = #expect(throws: (any Error).self) {
                try BatchLoader(
                    samples: samples, order: order, batchSize: batchSize,
                    transform: SampleTransform(
                        preprocessing: preprocessing, augmentation: augmentation, trainSize: size),
                    workers: 1, seed: 1, epoch: 0)
            }
            return error.map { "\($0)" }
        }
        #expect(message(batchSize: 0) == "expected a batch size of 1 or more, got 0")
        #expect(message(order: [0, 11]) == "the order names sample 11, but there are 11 samples")
        #expect(message(order: [-1]) == "the order names sample -1, but there are 11 samples")
        #expect(message(size: 0) == "invalid argument: image size: expected 1 to 4096 pixels, got 0")
        #expect(
            message(size: .max) == "invalid argument: image size: expected 1 to 4096 pixels, got \(Int.max)")
        #expect(message(mean: [0]) == "invalid argument: mean: expected three finite numbers, got [0.0]")
        #expect(message(hue: 0.7) == "invalid argument: hue: expected 0.0 to 0.5, got 0.7")
    }
}
