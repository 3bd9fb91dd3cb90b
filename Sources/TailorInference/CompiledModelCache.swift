import Foundation

/// Where compiled models are kept between starts. Everything in it can be deleted at any time.
public enum CompiledModelCache {
    /// `$XDG_CACHE_HOME/tailor/compiled`, else `~/.cache/tailor/compiled`; `nil` when neither variable is set.
    public static var defaultFolder: URL? { folder(ProcessInfo.processInfo.environment) }

    static func folder(_ environment: [String: String]) -> URL? {
        func value(_ name: String) -> URL? {
            guard let text = environment[name], text.hasPrefix("/") else { return nil }
            return URL(fileURLWithPath: text, isDirectory: true)
        }
        return (value("XDG_CACHE_HOME") ?? value("HOME")?.appending(path: ".cache"))?
            .appending(path: "tailor/compiled", directoryHint: .isDirectory)
    }

    /// The folder, made if need be; `nil` when it cannot be written: a cache is no reason to fail.
    static func usable(_ folder: URL?) -> URL? {
        guard let folder else { return nil }
        try? FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return FileManager.default.isWritableFile(atPath: folder.path) ? folder : nil
    }
}
