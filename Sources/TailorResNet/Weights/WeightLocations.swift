import Foundation
import TailorSupport

/// Location of the weights bundled with this package.
///
/// `Bundle.module` would end the program when the resource folder is missing, for example after the
/// executable was copied elsewhere; this throws instead.
enum BundledWeights {
    static func url() throws -> URL {
        let name = WeightSet.bundled.fileName
        var searched: [String] = []
        for folder in folders() {
            let url = folder.appendingPathComponent(name)
            if FileManager.default.isReadableFile(atPath: url.path) { return url }
            searched.append(folder.path)
        }
        throw WeightsError.bundledMissing(searched: searched)
    }

    private static func folders() -> [URL] {
        // Next to the executable (links resolved), then in the source folder.
        var parents = [Bundle.main.bundleURL]
        if let executable = Bundle.main.executableURL {
            parents.append(executable.resolvingSymlinksInPath().deletingLastPathComponent())
        }
        if let resources = Bundle.main.resourceURL { parents.append(resources) }
        let bundles = parents.flatMap { parent in
            ["tailor_TailorResNet.resources", "tailor_TailorResNet.bundle"].map {
                parent.appendingPathComponent($0, isDirectory: true)
            }
        }
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return bundles + [sources.appendingPathComponent("Resources", isDirectory: true)]
    }
}

/// Cache folder of PyTorch for downloaded weights.
enum TorchCache {
    /// Path `$TORCH_HOME/hub/checkpoints`, else `$XDG_CACHE_HOME/torch/…`, else `~/.cache/torch/…`; nil when
    /// none of the three variables is set.
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
