import Foundation
import Tailor
import Testing

/// Memory of an export does not grow with the dataset.
struct ResizedImagesTests {
    private final class Reads: @unchecked Sendable {
        // `@unchecked`: `numbers` is guarded by `lock`.
        private let lock = NSLock()
        private var numbers: [Int] = []

        func image(_ number: Int) throws -> RGBImage {
            lock.withLock { numbers.append(number) }
            return try RGBImage(width: 1, height: 1, pixels: [UInt8(number), 0, 0])
        }

        var all: [Int] { lock.withLock { numbers.sorted() } }
    }

    @Test(arguments: [(0, 0), (3, 1), (8, 2), (9, 3), (1000, 5)])
    func noMoreAreHeldThanFit(_ bytes: Int, _ held: Int) throws {
        let reads = Reads()
        let images = try ResizedImages(
            count: 5, bytesPerImage: 3, cacheBytes: bytes, workers: 2, read: reads.image)
        #expect(reads.all == Array(0..<held))
        for _ in 0..<2 {
            for index in 0..<5 { #expect(try images.image(index).pixels[0] == UInt8(index)) }
        }
        #expect(reads.all == (Array(0..<5) + Array(held..<5)).sorted())
    }
}
