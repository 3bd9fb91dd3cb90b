import Foundation
import TailorSupport
import TestSupport
import Testing

@Suite struct RegularFileTests {
    @Test func aLimitOnTheSize() throws {
        let folder = try TemporaryFolder()
        let url = folder.file("x")
        try Data(repeating: 7, count: 100_001).write(to: url)
        #expect(try RegularFile.contents(of: url) == Data(repeating: 7, count: 100_001))
        let error = #expect(throws: FileError.self) {
            try RegularFile.contents(of: url, maximumBytes: 100_000)
        }
        #expect(error?.description == "could not read \(url.path): larger than the limit of 100000 bytes")
    }
}

@Suite struct AtomicFileTests {
    struct Interruption: Error {}

    @Test func replacesAndLeavesNothingElse() throws {
        let folder = try TemporaryFolder()
        let url = folder.file("run.json")
        try AtomicFile.write(Data("old".utf8), to: url)
        try AtomicFile.write(Data("new".utf8), to: url)
        #expect(try Data(contentsOf: url) == Data("new".utf8))
        #expect(folder.names == ["run.json"])
    }

    @Test func aNameAsLongAsNamesMayBe() throws {
        let folder = try TemporaryFolder()
        let url = folder.file(String(repeating: "n", count: 255))
        try AtomicFile.write(Data("x".utf8), to: url)
        #expect(try Data(contentsOf: url) == Data("x".utf8))
    }

    /// What a killed process left goes with the next write; what another one writes at the moment stays.
    @Test func leftoversAreSwept() throws {
        let folder = try TemporaryFolder()
        for name in [".tailor-abc.tmp", ".tailor-abc.txt", "x.tmp"] { _ = try folder.file(name, [1]) }
        let url = folder.file("run.json")
        try AtomicFile.write(to: url) { handle in
            try handle.write(contentsOf: Data("new".utf8))
            TemporaryFiles.sweep(folder.url.path)
            #expect(folder.names.count { $0.hasPrefix(".tailor-") } == 2)
        }
        #expect(try Data(contentsOf: url) == Data("new".utf8))
        #expect(folder.names == [".tailor-abc.txt", "run.json", "x.tmp"])
    }

    /// Another process's first write in the folder must not take it away.
    @Test func aPrivateTemporaryFileSurvivesASweep() throws {
        let folder = try TemporaryFolder()
        let cache = folder.file("cache")
        let path = try PrivateFolder(cache).withTemporaryFile { path in
            try Data("half".utf8).write(to: URL(filePath: path))
            TemporaryFiles.sweep(cache.path)
            #expect(try Data(contentsOf: URL(filePath: path)) == Data("half".utf8))
            return path
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func aFolderThatTakesNoFileIsFoundOut() throws {
        let folder = try TemporaryFolder()
        try TemporaryFiles.checkWritable(folder.url.path, for: "x")
        #expect(folder.names.isEmpty)
        #if os(Linux)
            let error = #expect(throws: FileError.self) {
                try OutputFile.check(URL(filePath: "/proc/model.onnx"), mark: nil)
            }
            #expect(error?.description.hasPrefix("could not write /proc/model.onnx: ") == true)
        #endif
    }

    @Test func aFailureHalfWayLeavesTheOldFile() throws {
        let folder = try TemporaryFolder()
        let url = folder.file("run.json")
        try AtomicFile.write(Data("old".utf8), to: url)
        #expect(throws: Interruption.self) {
            try AtomicFile.write(to: url) { handle in
                try handle.write(contentsOf: Data("half".utf8))
                throw Interruption()
            }
        }
        #expect(try Data(contentsOf: url) == Data("old".utf8))
        #expect(folder.names == ["run.json"])
    }

    #if os(Linux)
        @Test func aFullDiskIsNamed() throws {
            let folder = try TemporaryFolder()
            let url = folder.file("last.safetensors")
            try AtomicFile.write(Data("old".utf8), to: url)
            let error = #expect(throws: FileError.self) {
                try AtomicFile.write(to: url) { _ in
                    let full = try FileHandle(forWritingTo: URL(fileURLWithPath: "/dev/full"))
                    try full.write(contentsOf: Data("x".utf8))
                }
            }
            #expect(
                error?.description == "could not write \(url.path): no space left on device "
                    + "(free some space or choose another folder)")
            #expect(try Data(contentsOf: url) == Data("old".utf8))
            #expect(folder.names == ["last.safetensors"])
        }
    #endif

    @Test func placesThatCannotBeWritten() throws {
        let folder = try TemporaryFolder()
        try Data().write(to: folder.file("file"))
        try FileManager.default.createDirectory(at: folder.file("full"), withIntermediateDirectories: true)
        try Data().write(to: folder.file("full/x"))
        let cases = [
            ("missing/run.json", "no such file or directory"),
            ("file/run.json", "not a directory"),
            ("full", "is a directory"),
        ]
        for (name, reason) in cases {
            let url = folder.file(name)
            let error = #expect(throws: FileError.self) { try AtomicFile.write(Data(), to: url) }
            #expect(error?.description == "could not write \(url.path): \(reason)")
        }
        #expect(folder.names == ["file", "full"])
    }

    /// Root may write anywhere, hence not for root.
    @Test(.enabled(if: geteuid() != 0)) func aReadOnlyFolder() throws {
        let folder = try TemporaryFolder()
        chmod(folder.url.path, 0o500)
        defer { chmod(folder.url.path, 0o700) }
        let url = folder.file("run.json")
        let error = #expect(throws: FileError.self) { try AtomicFile.write(Data(), to: url) }
        #expect(error?.description == "could not write \(url.path): \(FileError.reason(EACCES))")
    }

    @Test(arguments: [
        (EACCES, "permission denied (check the permissions of the file and of its folder)"),
        (EROFS, "read-only file system (choose a folder that can be written to)"),
        (ENOSPC, "no space left on device (free some space or choose another folder)"),
        (ENOENT, "no such file or directory"),
    ])
    func reasons(code: Int32, expected: String) {
        #expect(FileError.reason(code) == expected)
    }

    @Test func namesStayOnOneLine() {
        #expect("a b é 图.png".printable == "a b é 图.png")
        #expect("a\nb\r\tc\u{1B}[31m\u{202E}".printable == "a\\nb\\r\\tc\\u{1b}[31m\\u{202e}")
    }
}

@Suite struct FolderLockTests {
    @Test func theSecondIsRefusedUntilTheFirstLetsGo() throws {
        let folder = try TemporaryFolder()
        let first = try FolderLock(folder: folder.url)
        let error = #expect(throws: FolderLockError.self) { try FolderLock(folder: folder.url) }
        #expect(
            error?.description == "\(folder.url.path) is in use by process \(getpid()): "
                + "wait for it to end, or choose another folder")
        first.unlock()
        first.unlock()
        let second = try FolderLock(folder: folder.url)
        #expect(throws: FolderLockError.self) { try FolderLock(folder: folder.url) }
        second.unlock()
    }

    @Test func anotherNameIsAnotherLock() throws {
        let folder = try TemporaryFolder()
        let first = try FolderLock(folder: folder.url)
        let second = try FolderLock(folder: folder.url, name: "other")
        #expect(folder.names == [".lock", "other"])
        first.unlock()
        second.unlock()
    }

    #if os(Linux)
        @Test func anotherProcessHoldsIt() throws {
            let folder = try TemporaryFolder()
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
            process.arguments = [folder.file(".lock").path, "sh", "-c", "echo held; cat"]
            let said = Pipe()
            let stop = Pipe()
            process.standardOutput = said
            process.standardInput = stop
            try process.run()
            #expect(said.fileHandleForReading.readData(ofLength: 5) == Data("held\n".utf8))
            let error = #expect(throws: FolderLockError.self) { try FolderLock(folder: folder.url) }
            #expect(error?.holder == nil)
            #expect(
                error?.description == "\(folder.url.path) is in use by another process: "
                    + "wait for it to end, or choose another folder")
            try stop.fileHandleForWriting.close()
            process.waitUntilExit()
            try FolderLock(folder: folder.url).unlock()
        }
    #endif

    /// The number of a descriptor that was closed may be another thread's file the next moment.
    @Test func aRefusalHarmsNoOtherFile() throws {
        let folder = try TemporaryFolder()
        let first = try FolderLock(folder: folder.url)
        defer { first.unlock() }
        let neighbour = Neighbour(file: folder.file("other").path)
        let threads = WorkerThreads()
        threads.start(1, name: "neighbour") { neighbour.work() }
        let refusals = (0..<20_000).count { _ in (try? FolderLock(folder: folder.url)) == nil }
        neighbour.stop()
        threads.join()
        #expect(refusals == 20_000)
        #expect(neighbour.harm == 0)
    }

    @Test func noSuchFolder() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: FileError.self) { try FolderLock(folder: folder.file("no")) }
        #expect(
            error?.description == "could not lock \(folder.url.path)/no/.lock: no such file or directory")
    }
}

/// Works with descriptors of a file of its own, and counts how often one was closed or the file cut by others.
private final class Neighbour: @unchecked Sendable {
    // `@unchecked`: everything that changes is guarded by `lock`.
    private let descriptor: Int32
    private let lock = NSLock()
    private var isStopped = false
    private var failures = 0

    init(file: String) {
        descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        _ = write(descriptor, "whole", 5)
    }

    deinit { close(descriptor) }

    var harm: Int { lock.withLock { failures } }
    func stop() { lock.withLock { isStopped = true } }

    func work() {
        while !lock.withLock({ isStopped }) {
            let copy = dup(descriptor)
            var facts = stat()
            let isWhole = fstat(copy, &facts) == 0 && facts.st_size == 5
            if close(copy) != 0 || !isWhole { lock.withLock { failures += 1 } }
        }
    }
}
