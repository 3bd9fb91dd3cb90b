import Foundation
import TailorImages
import TailorSupport

/// Loading of one sample: decoding, caching and transform.
struct SampleLoader: Sendable {
    let transform: SampleTransform
    let decoder: ImageDecoder
    let cache: DecodedImageCache?
    let seed: UInt64
    let epoch: Int

    func load(
        _ sample: Sample, index: Int, occurrence: Int, into output: UnsafeMutableBufferPointer<Float>
    ) throws {
        let image = try cached(sample)
        var generator = SeededGenerator(
            seed: seed,
            streams: StreamPurpose.augmentation, UInt64(bitPattern: Int64(epoch)), UInt64(index),
            UInt64(occurrence))
        try transform.apply(to: image, using: &generator, into: output)
    }

    private func cached(_ sample: Sample) throws -> RGBImage {
        if let image = cache?.image(for: sample) { return image }
        let image = try decoder.decode(contentsOf: sample.url)
        cache?.insert(image, for: sample)
        return image
    }
}

/// State shared by a loader and its threads. The threads retain this and not the loader, so that releasing
/// the loader ends them.
///
/// Work is distributed sample by sample, in order, so that all threads work on the batch that is needed
/// first.
final class LoaderCore: @unchecked Sendable {
    // `@unchecked`: mutable state is guarded by `condition`; each thread writes only its own sample's pixels.
    private final class Slot {
        let pixels: PixelBuffer
        var remaining: Int
        /// Failure of the first sample by position, not by time.
        var failure: (position: Int, error: SampleLoadingError)?

        init(pixels: PixelBuffer, count: Int) {
            self.pixels = pixels
            remaining = count
        }
    }

    private struct Work {
        let batch: Int
        let position: Int
        let slot: Slot
    }

    private let samples: [Sample]
    private let order: [Int]
    /// Number of earlier occurrences of the same index, for each position in the order; nil when none
    /// repeats.
    private let occurrences: [Int]?
    private let batchSize: Int
    private let lastBatch: Int
    private let prefetch: Int
    private let loader: SampleLoader
    private let pool: PixelBufferPool

    private let condition = NSCondition()
    private var slots: [Int: Slot] = [:]
    private var nextBatch: Int
    private var batchToLoad: Int
    private var positionToLoad = 0
    private var firstFailedBatch = Int.max
    private var thrown: SampleLoadingError?
    private var isStopped = false
    /// Whether threads load; else `next` does.
    private var hasThreads = true

    init(
        samples: [Sample], order: [Int], batchSize: Int, batches: Range<Int>, prefetch: Int,
        loader: SampleLoader
    ) {
        self.samples = samples
        self.order = order
        self.batchSize = batchSize
        self.prefetch = prefetch
        self.loader = loader
        occurrences = Self.occurrences(order, sampleCount: samples.count)
        nextBatch = batches.lowerBound
        batchToLoad = batches.lowerBound
        lastBatch = batches.upperBound
        // The order may be shorter than a batch.
        let capacity = min(batchSize, order.count) * loader.transform.elementCount
        pool = PixelBufferPool(capacity: capacity, kept: prefetch + 1)
    }

    /// Main loop of a thread.
    func work() {
        while let work = take() { load(work) }
    }

    /// Leaves the loading to `next`, where no thread could be started.
    func loadOnTheCaller() {
        condition.withLock { hasThreads = false }
    }

    private func load(_ work: Work) {
        let size = loader.transform.elementCount
        let place = work.batch * batchSize + work.position
        let index = order[place]
        let part = UnsafeMutableBufferPointer(
            rebasing: work.slot.pixels.storage[work.position * size..<(work.position + 1) * size])
        var failure: SampleLoadingError?
        do {
            try loader.load(
                samples[index], index: index, occurrence: occurrences?[place] ?? 0, into: part)
        } catch {
            failure = SampleLoadingError(
                path: samples[index].url.path, batch: work.batch, reason: "\(error)")
        }
        finish(work, failure)
    }

    /// Loads the batch that is needed next, unless threads do.
    private func loadNextBatch() {
        while condition.withLock({ !hasThreads && !isStopped && nextBatch >= batchToLoad }),
            let work = take()
        {
            load(work)
        }
    }

    func next() throws -> BatchLoader.Batch? {
        loadNextBatch()
        condition.lock()
        defer { condition.unlock() }
        if let thrown { throw thrown }
        while true {
            if isStopped { throw BatchLoaderError.stopped }
            guard nextBatch < lastBatch else { return nil }
            if let slot = slots[nextBatch], slot.remaining == 0 { return try deliver(slot) }
            condition.wait()
        }
    }

    func stop() {
        condition.withLock {
            isStopped = true
            slots = [:]
            condition.broadcast()
        }
    }

    /// Returns a completed batch. Call with the lock held.
    private func deliver(_ slot: Slot) throws -> BatchLoader.Batch {
        if let failure = slot.failure {
            thrown = failure.error
            isStopped = true
            slots = [:]
            condition.broadcast()
            throw failure.error
        }
        slots[nextBatch] = nil
        let indices = Array(order[range(of: nextBatch)])
        nextBatch += 1
        condition.broadcast()
        return BatchLoader.Batch(
            pixels: slot.pixels, labels: indices.map { Int64(samples[$0].label) }, indices: indices,
            height: loader.transform.size, width: loader.transform.size)
    }

    /// Takes the next sample to load; waits while enough batches are ready. Nil when there is nothing left to
    /// do.
    private func take() -> Work? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            // Batches after a failed one are never returned.
            if isStopped || batchToLoad >= lastBatch || batchToLoad > firstFailedBatch { return nil }
            if batchToLoad - nextBatch < prefetch { break }
            condition.wait()
        }
        let count = range(of: batchToLoad).count
        let slot: Slot
        if let existing = slots[batchToLoad] {
            slot = existing
        } else {
            let pixels = PixelBuffer(pool: pool, count: count * loader.transform.elementCount)
            slot = Slot(pixels: pixels, count: count)
            slots[batchToLoad] = slot
        }
        let work = Work(batch: batchToLoad, position: positionToLoad, slot: slot)
        positionToLoad += 1
        if positionToLoad == count {
            positionToLoad = 0
            batchToLoad += 1
        }
        return work
    }

    private func finish(_ work: Work, _ failure: SampleLoadingError?) {
        condition.withLock {
            if let failure {
                firstFailedBatch = min(firstFailedBatch, work.batch)
                if work.position < work.slot.failure?.position ?? .max {
                    work.slot.failure = (work.position, failure)
                }
            }
            work.slot.remaining -= 1
            if work.slot.remaining == 0 || failure != nil { condition.broadcast() }
        }
    }

    private func range(of batch: Int) -> Range<Int> {
        batch * batchSize..<min((batch + 1) * batchSize, order.count)
    }

    private static func occurrences(_ order: [Int], sampleCount: Int) -> [Int]? {
        var seen = [Int](repeating: 0, count: sampleCount)
        var repeats = false
        let occurrences = order.map { index in
            defer { seen[index] += 1 }
            if seen[index] > 0 { repeats = true }
            return seen[index]
        }
        return repeats ? occurrences : nil
    }
}
