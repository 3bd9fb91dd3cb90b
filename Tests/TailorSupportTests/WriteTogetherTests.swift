import Foundation
import TailorSupport
import TestSupport
import Testing

/// Files that belong together are replaced together.
@Suite struct WriteTogetherTests {
    private func text(_ url: URL) throws -> String { try String(contentsOf: url, encoding: .utf8) }

    @Test func allOrNone() throws {
        let folder = try TemporaryFolder()
        let (first, second) = (folder.url.appending(path: "a"), folder.url.appending(path: "b"))
        func data(_ text: String) -> Data { Data(text.utf8) }
        try AtomicFile.writeTogether([(data("1"), first), (data("2"), second)])
        #expect(try text(first) == "1" && text(second) == "2")
        // What cannot be prepared leaves both as they were, and nothing beside them.
        let nowhere = folder.url.appending(path: "no/c")
        #expect(throws: FileError.self) {
            try AtomicFile.writeTogether([(data("3"), first), (data("4"), nowhere), (data("5"), second)])
        }
        #expect(try text(first) == "1" && text(second) == "2")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == ["a", "b"])
        // One that cannot take its name: the last is gone, so that nobody takes the rest for a whole.
        let blocked = folder.url.appending(path: "blocked")
        try FileManager.default.createDirectory(
            at: blocked.appending(path: "in"), withIntermediateDirectories: true)
        #expect(throws: FileError.self) {
            try AtomicFile.writeTogether([(data("6"), first), (data("7"), blocked), (data("8"), second)])
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == ["a", "blocked"])
    }
}
