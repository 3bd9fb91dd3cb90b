import Foundation

/// Folder for data that can be regenerated (XDG Base Directory Specification).
package enum CacheFolder {
    /// Cache folder of the user: `$XDG_CACHE_HOME`, else `$HOME/.cache`; nil when neither names a folder.
    ///
    /// - Parameter takesRelativePaths: whether a path that does not begin with `/` is accepted, as PyTorch
    ///   does; the specification treats the variable as unset then.
    package static func user(_ environment: [String: String], takesRelativePaths: Bool = false) -> URL? {
        BaseDirectory.folder(
            "XDG_CACHE_HOME", orInHome: ".cache", environment, takesRelativePaths: takesRelativePaths)
    }

    /// Tailor's subfolder of the user's cache folder.
    package static func tailor(_ environment: [String: String]) -> URL? {
        user(environment)?.appending(path: "tailor", directoryHint: .isDirectory)
    }
}
