import Foundation

/// The folder in which PyTorch keeps downloaded weights.
enum TorchCache {
    /// `$TORCH_HOME/hub/checkpoints`, else `$XDG_CACHE_HOME/torch/…`, else `~/.cache/torch/…`; nil when none
    /// of the three variables is set.
    static func folder(_ environment: [String: String]) -> URL? {
        func value(_ name: String) -> URL? {
            guard let text = environment[name], !text.isEmpty else { return nil }
            return URL(fileURLWithPath: text, isDirectory: true)
        }
        let torch =
            value("TORCH_HOME")
            ?? value("XDG_CACHE_HOME")?.appendingPathComponent("torch", isDirectory: true)
            ?? value("HOME")?.appendingPathComponent(".cache/torch", isDirectory: true)
        return torch?.appendingPathComponent("hub/checkpoints", isDirectory: true)
    }
}
