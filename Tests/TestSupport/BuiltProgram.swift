import Foundation

/// A built program, run as a user runs it.
public struct BuiltProgram {
    public struct Outcome {
        public let code: Int32
        public let output: String
        public let errors: String
    }

    /// Beside the test binary, where SwiftPM puts every product.
    public static func url(_ name: String) -> URL {
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let beside = tests.deletingLastPathComponent().appending(path: name)
        if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
        let bundles = Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
        return bundles.map { $0.appending(path: name) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? beside
    }

    /// Runs to the end. `interruptAfter`: SIGINT is sent when this text has appeared on standard error.
    public static func run(
        _ arguments: [String], program: String = "tailor", executable: URL? = nil, in folder: URL? = nil,
        environment: [String: String] = [:], interruptAfter: String? = nil
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = executable ?? url(program)
        process.environment = ProcessInfo.processInfo.environment
            .merging(["XDG_STATE_HOME": TestState.folder.path]) { $1 }.merging(environment) { $1 }
        process.arguments = arguments
        process.currentDirectoryURL = folder
        let outputPipe = Pipe()
        let errorPipe = Pipe()
        process.standardOutput = outputPipe
        process.standardError = errorPipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // Two readers, because a full pipe would stop the program.
        let reader = Reader(outputPipe.fileHandleForReading)
        var errors = Data()
        var sent = false
        while case let data = errorPipe.fileHandleForReading.availableData, !data.isEmpty {
            errors.append(data)
            if let interruptAfter, !sent, String(decoding: errors, as: UTF8.self).contains(interruptAfter) {
                sent = true
                kill(process.processIdentifier, SIGINT)
            }
        }
        let output = reader.finish()
        process.waitUntilExit()
        return Outcome(
            code: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
            output: String(decoding: output, as: UTF8.self), errors: String(decoding: errors, as: UTF8.self))
    }
}

/// Reads a pipe on a thread of its own.
private final class Reader: @unchecked Sendable {
    // `@unchecked`: `data` is written by the thread and read after `done` was signalled.
    private var data = Data()
    private let done = DispatchSemaphore(value: 0)

    init(_ handle: FileHandle) {
        Thread { [self] in
            data = (try? handle.readToEnd()) ?? Data()
            done.signal()
        }.start()
    }

    func finish() -> Data {
        done.wait()
        return data
    }
}
