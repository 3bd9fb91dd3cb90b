import COpenVINO
import Foundation

/// Settings for compiling a graph for this processor.
package struct NetworkSettings: Sendable, Hashable {
    package var mode: Classifier.Mode
    /// Number of threads; `nil` for one a core.
    package var threads: Int?
    package var usesBFloat16: Bool

    package init(
        mode: Classifier.Mode = .latency, threads: Int? = nil, usesBFloat16: Bool = false
    ) {
        self.mode = mode
        self.threads = threads
        self.usesBFloat16 = usesBFloat16
    }

    /// OpenVINO's names and values of the settings.
    var properties: [(key: String, value: String)] {
        var list = [
            ("PERFORMANCE_HINT", mode == .latency ? "LATENCY" : "THROUGHPUT"),
            ("INFERENCE_PRECISION_HINT", usesBFloat16 ? "bf16" : "f32"),
            // Several processes would pin their threads to the same cores.
            ("ENABLE_CPU_PINNING", "NO"),
        ]
        if let threads {
            list.append(("INFERENCE_NUM_THREADS", String(threads)))
            list.append(("NUM_STREAMS", mode == .latency ? "1" : String(threads)))
        }
        return list
    }

    /// Passes ``properties`` to `body` as OpenVINO takes them.
    func withProperties<R>(_ body: ([ov_property_t]) throws -> R) rethrows -> R {
        let texts = properties.flatMap { [strdup($0.key), strdup($0.value)] }
        defer { for text in texts { free(text) } }
        return try body(
            stride(from: 0, to: texts.count, by: 2).map {
                ov_property_t(key: texts[$0], value: texts[$0 + 1])
            })
    }
}
