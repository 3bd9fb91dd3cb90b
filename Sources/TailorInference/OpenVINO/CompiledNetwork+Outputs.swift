import TailorImages
import TailorSupport

extension CompiledNetwork {
    /// First output of each of `count` images, in order.
    ///
    /// - Parameters:
    ///   - workers: number of images computed at one time.
    ///   - progress: number of images done; one call at a time, from any of the threads.
    ///   - image: resized image of a number; called from several threads.
    package func firstOutputs(
        _ count: Int, workers: Int, progress: (@Sendable (Int) -> Void)? = nil,
        of image: @escaping @Sendable (Int) throws -> RGBImage
    ) throws -> [[Float]] {
        let requests = try RequestPool(self, count: workers)
        return try ParallelMap.run(count, workers: workers, name: "compute", progress: progress) { index in
            let input = try image(index)
            return try requests.withRequest { request in
                try request.run([input])
                return try request.output(0)
            }
        }
    }
}
