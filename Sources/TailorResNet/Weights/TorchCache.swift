import Foundation
import TailorSupport

/// The folder in which PyTorch keeps downloaded weights.
enum TorchCache {
    /// `$TORCH_HOME/hub/checkpoints`, else `$XDG_CACHE_HOME/torch/…`, else `~/.cache/torch/…`; nil when none
    /// of the three variables is set.
    static func folder(_ environment: [String: String]) -> URL? {
        let torch: URL?
        if let own = environment["TORCH_HOME"], !own.isEmpty {
            torch = URL(fileURLWithPath: own, isDirectory: true)
        } else {
            torch = CacheFolder.user(environment, takesRelativePaths: true)?
                .appendingPathComponent("torch", isDirectory: true)
        }
        return torch?.appendingPathComponent("hub/checkpoints", isDirectory: true)
    }
}
