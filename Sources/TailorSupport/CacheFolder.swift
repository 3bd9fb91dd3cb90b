import Foundation

/// Folder for data that can be regenerated (XDG Base Directory Specification).
package enum CacheFolder {
    /// Cache folder of the user: `$XDG_CACHE_HOME`, else `$HOME/.cache`; nil when neither names a folder.
    ///
    /// - Parameter takesRelativePaths: whether a path that does not begin with `/` is accepted, as PyTorch
    ///   does; the specification treats the variable as unset then.
    package static func user(_ environment: [String: String], takesRelativePaths: Bool = false) -> URL? {
        func folder(_ name: String) -> URL? {
            guard let path = environment[name], takesRelativePaths ? !path.isEmpty : path.hasPrefix("/")
            else {
                return nil
            }
            return URL(fileURLWithPath: path, isDirectory: true)
        }
        return folder("XDG_CACHE_HOME")
            ?? folder("HOME")?.appending(path: ".cache", directoryHint: .isDirectory)
    }

    /// Tailor's subfolder of the user's cache folder.
    package static func tailor(_ environment: [String: String]) -> URL? {
        user(environment)?.appending(path: "tailor", directoryHint: .isDirectory)
    }
}
