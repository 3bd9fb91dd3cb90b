import Foundation

/// Files for parsers that read only files, in a folder in memory that the environment names.
enum Scratch {
    static let folder: String = {
        let folder = ProcessInfo.processInfo.environment["TAILOR_FUZZ_SCRATCH"] ?? ""
        guard !folder.isEmpty else { fatalError("TAILOR_FUZZ_SCRATCH: expected a folder, got none") }
        return folder
    }()

    static func path(_ name: String) -> String { folder + "/" + name }

    static func url(_ name: String) -> URL { URL(fileURLWithPath: path(name)) }

    /// Writes a file in place, which costs less than a new one.
    @discardableResult
    static func write(_ data: Data, _ name: String) -> URL {
        let descriptor = open(path(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        let written = data.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard descriptor >= 0, written == data.count else { fatalError("cannot write \(path(name))") }
        return url(name)
    }

    /// Makes a folder with files of these names and contents.
    static func makeFolder(_ name: String, _ files: [(name: String, text: String)] = []) -> String {
        mkdir(path(name), 0o700)
        for file in files { write(Data(file.text.utf8), name + "/" + file.name) }
        return path(name)
    }
}
