import Foundation
import TailorSupport

/// Where compiled models are kept between starts. Everything in it can be deleted at any time.
public enum CompiledModelCache {
    /// `$XDG_CACHE_HOME/tailor/compiled`, else `~/.cache/tailor/compiled`; `nil` when neither variable names a folder.
    public static var defaultFolder: URL? { folder(ProcessInfo.processInfo.environment) }

    static func folder(_ environment: [String: String]) -> URL? {
        CacheFolder.tailor(environment)?.appending(path: "compiled", directoryHint: .isDirectory)
    }

    /// The folder, made if need be; `nil` when it cannot be written: a cache is no reason to fail.
    static func usable(_ folder: URL?) -> URL? {
        guard let folder else { return nil }
        try? FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return FileManager.default.isWritableFile(atPath: folder.path) ? folder : nil
    }
}
