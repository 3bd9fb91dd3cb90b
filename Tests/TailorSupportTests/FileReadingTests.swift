import Foundation
import TailorSupport
import TestSupport
import Testing

/// A file's bytes in one piece.
@Suite struct FileReadingTests {
    @Test(arguments: [0, 1, 4095, 4096, 4097, 3_000_000]) func contentsAreTheBytes(_ count: Int) throws {
        let folder = try TemporaryFolder()
        let bytes = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) })
        try bytes.write(to: folder.file("a"))
        #expect(try RegularFile.contents(of: folder.file("a")) == bytes)
        #expect(try RegularFile.contents(of: folder.file("a"), maximumBytes: count) == bytes)
        if count > 0 {
            let error = #expect(throws: FileError.self) {
                try RegularFile.contents(of: folder.file("a"), maximumBytes: count - 1)
            }
            #expect(error?.reason == "larger than the limit of \(count - 1) bytes")
        }
        // Part of the rest, then the rest.
        let file = try RegularFile(reading: folder.file("a"))
        let half = count / 2
        #expect(try file.remainder(upTo: half) == bytes.prefix(half))
        #expect(try file.remainder(upTo: .max) == bytes.dropFirst(half))
        #expect(try file.remainder(upTo: 10).isEmpty)
    }

    @Test func aFileThatGrowsIsReadToItsEndOrRefused() throws {
        let folder = try TemporaryFolder()
        try Data(repeating: 1, count: 10).write(to: folder.file("a"))
        let file = try RegularFile(reading: folder.file("a"))
        let writer = try FileHandle(forWritingTo: folder.file("a"))
        try writer.seekToEnd()
        try writer.write(contentsOf: Data(repeating: 2, count: 20_000))
        try writer.close()
        #expect(file.size == 10)
        #expect(try file.remainder(upTo: 11).count == 11)
        #expect(try file.remainder(upTo: .max) == Data(repeating: 2, count: 19_999))
    }

    #if os(Linux)
        @Test func aFileThatTellsNoSizeIsReadAllTheSame() throws {
            let url = URL(fileURLWithPath: "/proc/self/smaps")
            #expect(try RegularFile(reading: url).size == 0)
            #expect(try RegularFile.contents(of: url).count > 8192)
            #expect(throws: FileError.self) { try RegularFile.contents(of: url, maximumBytes: 100) }
        }
    #endif
}
