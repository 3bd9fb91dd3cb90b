import Foundation
import TailorArguments

/// A temporary folder with the sample program's scripts and files to complete, and programs run in it.
final class ShellSession: Sendable {
    let folder: URL
    private var inside: URL { folder.appending(path: "files") }

    /// `files/` is where the lines are typed; its `home/` is the home folder.
    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "completion-\(UUID().uuidString)")
        for name in [
            "my data", "it's [here]/in", "cost$5*", "größe", "runs/first", ".hidden", "home/my runs",
        ] {
            try FileManager.default.createDirectory(
                at: inside.appending(path: name), withIntermediateDirectories: true)
        }
        let files = [
            "model.onnx", "OLD.ONNX", "notes.txt", "list.csv", "w.pth", "w.safetensors", "a.jpg",
            "my data/a b.jpg",
            "runs/first/model.onnx", "runs/first/run.json",
        ]
        for name in files { try Data().write(to: inside.appending(path: name)) }
        for shell in Shell.allCases {
            for root in [SampleProgram.self, SampleRuntime.self] as [any Command.Type] {
                let name = "\(root.configuration.name).\(shell)"
                try write(CompletionScript(CommandTree(root)).render(for: shell), to: name)
            }
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name))
    }

    /// Empty where there is no such file.
    func read(_ name: String) -> String {
        (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? ""
    }

    /// Standard output and error together; ends the program after `limit` seconds.
    @discardableResult
    func run(_ program: String, _ arguments: [String], input: String = "", limit: Int = 15) throws -> String {
        try write(input, to: "input")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.currentDirectoryURL = inside
        process.environment = ProcessInfo.processInfo.environment.merging(
            [
                "HOME": inside.appending(path: "home").path, "LC_ALL": "C.UTF-8", "TERM": "xterm",
                "MANWIDTH": "80",
            ]
        ) { $1 }
        process.standardInput = try FileHandle(forReadingFrom: folder.appending(path: "input"))
        let output = folder.appending(path: "output-\(UUID().uuidString)")
        try Data().write(to: output)
        let handle = try FileHandle(forWritingTo: output)
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        let deadline = Date().addingTimeInterval(Double(limit))
        while process.isRunning, Date() < deadline { Thread.sleep(forTimeInterval: 0.01) }
        if process.isRunning {
            process.terminate()
            throw SessionError(message: "\(program) \(arguments) took more than \(limit) s")
        }
        let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
        return process.terminationStatus == 0 ? text : text + "\n(status \(process.terminationStatus))"
    }

    static func has(_ program: String) -> Bool {
        let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }

    /// util-linux's `script`, which gives a program a terminal.
    static var hasTerminal: Bool {
        #if os(Linux)
            has("script")
        #else
            false
        #endif
    }

    struct SessionError: Error { let message: String }
}
