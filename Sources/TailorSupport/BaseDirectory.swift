import Foundation

/// Folders of the user by the XDG Base Directory Specification.
enum BaseDirectory {
    /// Folder that a variable names, else one below `$HOME`; nil when neither names a folder.
    ///
    /// - Parameter takesRelativePaths: whether a path that does not begin with `/` is accepted; the
    ///   specification treats the variable as unset then.
    static func folder(
        _ variable: String, orInHome path: String, _ environment: [String: String],
        takesRelativePaths: Bool = false
    ) -> URL? {
        func folder(_ name: String) -> URL? {
            guard let path = environment[name], takesRelativePaths ? !path.isEmpty : path.hasPrefix("/")
            else {
                return nil
            }
            return URL(fileURLWithPath: path, isDirectory: true)
        }
        return folder(variable) ?? folder("HOME")?.appending(path: path, directoryHint: .isDirectory)
    }
}
