import TailorImages
import TailorSupport

/// Resized pictures by number. The first are held, as many as fit a number of bytes; the others are read anew each
/// time, so that memory does not grow with the dataset.
package struct ResizedPictures: Sendable {
    package let count: Int
    private let held: [RGBImage]
    private let read: @Sendable (Int) throws -> RGBImage

    /// Reads those that are held.
    ///
    /// - Parameters:
    ///   - bytesEach: of one picture, above 0.
    ///   - heldBytes: of all that are held together, at most.
    ///   - progress: number read; one call at a time, from any of the threads.
    ///   - read: called from several threads; must give the same picture for a number each time.
    package init(
        count: Int, bytesEach: Int, heldBytes: Int, workers: Int, progress: (@Sendable (Int) -> Void)? = nil,
        read: @escaping @Sendable (Int) throws -> RGBImage
    ) throws {
        self.count = count
        self.read = read
        held = try ParallelMap.run(
            min(count, heldBytes / bytesEach), workers: workers, name: "load", progress: progress, read)
    }

    /// - Parameter index: 0 ..< `count`.
    package func picture(_ index: Int) throws -> RGBImage {
        index < held.count ? held[index] : try read(index)
    }
}
