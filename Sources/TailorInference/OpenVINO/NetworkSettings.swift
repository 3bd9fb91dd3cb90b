import Foundation

/// How a graph is compiled for this processor.
package struct NetworkSettings: Sendable, Hashable {
    package enum Mode: Sendable, Hashable {
        /// One request at a time, on all threads.
        case latency
        /// A request a thread.
        case throughput
    }

    package var mode: Mode
    /// Threads in all; `nil`: as many as cores.
    package var threads: Int?
    package var usesBFloat16: Bool
    /// Where compiled graphs are kept between processes; `nil`: nowhere.
    package var cacheFolder: URL?

    package init(
        mode: Mode = .latency, threads: Int? = nil, usesBFloat16: Bool = false, cacheFolder: URL? = nil
    ) {
        self.mode = mode
        self.threads = threads
        self.usesBFloat16 = usesBFloat16
        self.cacheFolder = cacheFolder
    }

    /// Names and values as OpenVINO knows them.
    var properties: [(key: String, value: String)] {
        var list = [
            ("PERFORMANCE_HINT", mode == .latency ? "LATENCY" : "THROUGHPUT"),
            ("INFERENCE_PRECISION_HINT", usesBFloat16 ? "bf16" : "f32"),
            // Pinned threads of several processes would fight for the same cores.
            ("ENABLE_CPU_PINNING", "NO"),
        ]
        if let threads {
            list.append(("INFERENCE_NUM_THREADS", String(threads)))
            list.append(("NUM_STREAMS", mode == .latency ? "1" : String(threads)))
        }
        if let cacheFolder { list.append(("CACHE_DIR", cacheFolder.path)) }
        return list
    }
}
