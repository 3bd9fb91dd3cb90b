import CTorch

/// Counts what tensors and the workspaces of operations take of the host's memory.
package enum MemoryWatch {
    /// Runs `body` and gives the most bytes that this thread's operations held at once, above what there was before.
    ///
    /// Nothing that was made before may be freed within: libtorch would warn of it on standard error, and the count
    /// would be off. What other threads do is not counted. On the CPU only.
    package static func peak(of body: () throws -> Void) throws -> Int {
        try check(ctorch_memory_watch_begin(), "MemoryWatch")
        var peak: Int64 = 0
        do {
            try body()
        } catch {
            _ = ctorch_memory_watch_end(&peak)
            throw error
        }
        try check(ctorch_memory_watch_end(&peak), "MemoryWatch")
        return Int(peak)
    }
}
