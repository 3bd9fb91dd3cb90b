import Foundation
import TailorSupport

/// Folder of compiled models. Its contents can be deleted at any time.
///
/// An entry is believed only if it carries the SHA-256 of its own bytes, and lies in a folder and a file that
/// nobody else can write to. Whatever fails that, or the golden vectors, is deleted and compiled again.
public enum CompiledModelCache {
    /// Default folder: `$XDG_CACHE_HOME/tailor/compiled`, else `~/.cache/tailor/compiled`; `nil` if neither
    /// variable names a folder.
    public static var defaultFolder: URL? { folder(ProcessInfo.processInfo.environment) }

    /// Why the default folder is not used, in words; `nil` if it is, or if there is none yet.
    package static var defaultFolderProblem: String? {
        guard let folder = defaultFolder, FileManager.default.fileExists(atPath: folder.path) else {
            return nil
        }
        do {
            _ = try PrivateFolder(folder)
            return nil
        } catch {
            return error.reason
        }
    }

    static func folder(_ environment: [String: String]) -> URL? {
        CacheFolder.tailor(environment)?.appending(path: "compiled", directoryHint: .isDirectory)
    }

    /// Passes a network to `checked`, from the cache if it is there and passes, else compiled from `onnx` and
    /// then kept for the next start.
    ///
    /// Throws what compiling and `checked` throw; a cache that cannot be used is no error.
    ///
    /// - Parameters:
    ///   - folder: the cache; created if need be.
    ///   - checked: called again with another network if it throws for one from the cache.
    static func network<Result>(
        _ folder: URL, onnx: Data, input: CompiledNetwork.Input, settings: NetworkSettings,
        checked: (CompiledNetwork) throws -> Result
    ) throws -> Result {
        // An entry is not to blame for what a limit on tasks does.
        try OpenVINOError.checkThreads(settings)
        let core = try OpenVINOCore(settings)
        let key = CompiledModelKey(onnx: onnx, input: input, settings: settings, core: core)
        let entry = (try? PrivateFolder(folder)).flatMap { folder in
            (try? key.digest()).map { CompiledModelEntry(folder: folder, key: $0) }
        }
        if let entry, let compiled = entry.read() {
            do {
                return try checked(CompiledNetwork(compiled: compiled, input: input, core: core))
            } catch {
                entry.remove()
            }
        }
        let network = try CompiledNetwork(onnx: onnx, input: input, settings: settings, core: core)
        let result = try checked(network)
        entry?.write {
            let compiled = try network.exported(through: $0)
            // OpenVINO does not say when a disk was too full for it. What answers rightly is whole.
            _ = try checked(CompiledNetwork(compiled: compiled, input: input, core: core))
            return compiled
        }
        return result
    }
}

/// All that a compiled model depends on.
struct CompiledModelKey {
    let onnx: Data
    let input: CompiledNetwork.Input
    let settings: NetworkSettings
    let core: OpenVINOCore

    /// SHA-256. Throws `ContentHashError`.
    func digest() throws -> String {
        var hasher = try ContentHasher()
        let machine = [core.version, core.deviceName, core.capabilities]
        let properties = settings.properties.map { $0.key + "=" + $0.value }
        for text in machine + properties + [inputFacts] { try hasher.update(text + "\n") }
        try hasher.update(onnx)
        return try hasher.finish()
    }

    private var inputFacts: String {
        switch input {
        case .pixels(let preprocessing, let batch):
            let normalization = preprocessing.normalization
            return "pixels \(batch) \(preprocessing.imageSize) \(normalization.levelMean) "
                + "\(normalization.levelDeviation)"
        case .image: return "image"
        }
    }
}
