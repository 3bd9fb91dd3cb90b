import Foundation
import TailorSupport
import TestSupport
import Testing

@Suite struct NewFolderTests {
    private struct Stopped: Error {}

    private func names(_ url: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
    }

    @Test func appearsWholeOrNotAtAll() throws {
        let folder = try TemporaryFolder()
        let place = try NewFolder(folder.url.appending(path: "a/b/c"))
        #expect(throws: Stopped.self) {
            try place.build { inside in
                try Data("x".utf8).write(to: URL(fileURLWithPath: inside + "/half"))
                throw Stopped()
            }
        }
        #expect(try names(folder.url) == [])
        try place.build { try Data("x".utf8).write(to: URL(fileURLWithPath: $0 + "/whole")) }
        #expect(try names(folder.url.appending(path: "a/b/c")) == ["whole"])
        #expect(try names(folder.url.appending(path: "a/b")) == ["c"])
    }

    @Test func whatIsThereStays() throws {
        let folder = try TemporaryFolder()
        let manager = FileManager.default
        let (empty, full) = (folder.url.appending(path: "empty"), folder.url.appending(path: "full"))
        try manager.createDirectory(at: empty, withIntermediateDirectories: true)
        try manager.createDirectory(at: full.appending(path: "in"), withIntermediateDirectories: true)
        let file = folder.url.appending(path: "file")
        try Data().write(to: file)
        let link = folder.url.appending(path: "link")
        try manager.createSymbolicLink(atPath: link.path, withDestinationPath: "nowhere")
        for (url, reason) in [
            (full, "holds 1 entry: choose another folder"), (file, "is not a folder"),
            (link, "is not a folder"),
        ] {
            #expect {
                _ = try NewFolder(url)
            } throws: {
                "\($0)".contains(reason)
            }
        }
        // A link to an empty folder: that one is filled.
        let other = folder.url.appending(path: "other")
        try manager.createSymbolicLink(atPath: other.path, withDestinationPath: "empty")
        try NewFolder(other).build { try Data().write(to: URL(fileURLWithPath: $0 + "/x")) }
        #expect(try names(empty) == ["x"])
    }
}
