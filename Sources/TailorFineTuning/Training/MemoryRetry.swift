import TailorTensors

/// Work on a batch that is cut into smaller parts until the device's memory suffices.
package enum MemoryRetry {
    /// Calls `attempt` with the number of images a pass; after an `outOfMemory` with half as many, down to 1.
    ///
    /// - Parameters:
    ///   - size: images a pass, at least 1; ends as what sufficed.
    ///   - attempt: must be able to start again after `discard`.
    ///   - discard: drops all that the failed attempt left behind; gets the size of the next.
    /// - Throws: what `attempt` throws otherwise, and running out of memory on single images.
    package static func run<R>(
        _ size: inout Int, attempt: (Int) throws -> R, discard: (Int) throws -> Void
    ) throws -> R {
        while true {
            do {
                return try attempt(size)
            } catch let error as TensorError where error.kind == .outOfMemory && size > 1 {
                size = (size + 1) / 2
                try discard(size)
            }
        }
    }
}
