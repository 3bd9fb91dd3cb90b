import Foundation

/// The folder in which a user's programs keep what can be made again (XDG Base Directory Specification).
package enum CacheFolder {
    /// `$XDG_CACHE_HOME`, else `$HOME/.cache`; nil when neither names a folder.
    ///
    /// - Parameter takesRelativePaths: whether a path that does not begin with `/` counts. The specification says
    ///   no, and then it is as if the variable were not set; PyTorch says yes.
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

    /// Ours in it.
    package static func tailor(_ environment: [String: String]) -> URL? {
        user(environment)?.appending(path: "tailor", directoryHint: .isDirectory)
    }
}
