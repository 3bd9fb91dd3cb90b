import Foundation
import TailorSupport

/// Settings for compiling a graph for this processor.
package struct NetworkSettings: Sendable, Hashable {
    package var mode: Classifier.Mode
    /// Number of threads; `nil` for one a core.
    package var threads: Int?
    package var usesBFloat16: Bool
    /// Folder that caches compiled graphs; `nil` for none.
    package var cacheFolder: URL?

    package init(
        mode: Classifier.Mode = .latency, threads: Int? = nil, usesBFloat16: Bool = false,
        cacheFolder: URL? = nil
    ) {
        self.mode = mode
        self.threads = threads
        self.usesBFloat16 = usesBFloat16
        self.cacheFolder = cacheFolder
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
        if let cacheFolder { list.append(("CACHE_DIR", cacheFolder.path)) }
        return list
    }
}

/// Folder of compiled models. Its contents can be deleted at any time.
public enum CompiledModelCache {
    /// Default folder: `$XDG_CACHE_HOME/tailor/compiled`, else `~/.cache/tailor/compiled`; `nil` if neither
    /// variable names a folder.
    public static var defaultFolder: URL? { folder(ProcessInfo.processInfo.environment) }

    static func folder(_ environment: [String: String]) -> URL? {
        CacheFolder.tailor(environment)?.appending(path: "compiled", directoryHint: .isDirectory)
    }

    /// Creates the folder if need be; `nil` if it cannot be written, since a cache is no reason to fail.
    static func usable(_ folder: URL?) -> URL? {
        guard let folder else { return nil }
        try? FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return FileManager.default.isWritableFile(atPath: folder.path) ? folder : nil
    }
}
