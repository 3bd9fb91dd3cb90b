import Foundation

/// The state folder of all tests of a process, so that none writes to the user's.
public enum TestState {
    /// Empty at first; `XDG_STATE_HOME` names it from the first access on.
    public static let folder: URL = {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tailor-state-\(getpid())")
        try? FileManager.default.removeItem(at: folder)
        setenv("XDG_STATE_HOME", folder.path, 1)
        atexit { try? FileManager.default.removeItem(at: TestState.folder) }
        return folder
    }()
}
