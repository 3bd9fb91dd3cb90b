import Foundation

/// Folder for records that should outlive the data they are about, and cannot be regenerated.
package enum StateFolder {
    /// Tailor's subfolder of `$XDG_STATE_HOME`, else of `$HOME/.local/state`; nil when neither names a folder.
    package static func tailor(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> URL? {
        BaseDirectory.folder("XDG_STATE_HOME", orInHome: ".local/state", environment)?
            .appending(path: "tailor", directoryHint: .isDirectory)
    }
}
