import Foundation
import TailorSupport
import TestSupport
import Testing

/// What a user names to be written is new, or was written by Tailor.
@Suite struct OutputFileTests {
    private static let mark = OutputFile.Mark(kind: "a list", text: "# mine")

    private func refusal(_ url: URL, mark: OutputFile.Mark? = Self.mark) -> String? {
        do {
            try OutputFile.check(url, mark: mark)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func onlyOwnFilesAreReplaced() throws {
        let folder = try TemporaryFolder()
        let (own, other, empty) = (folder.file("own"), folder.file("other"), folder.file("empty"))
        try Data("# mine\na.png\n".utf8).write(to: own)
        try Data("b.png\n".utf8).write(to: other)
        try Data().write(to: empty)
        #expect(refusal(folder.file("new")) == nil)
        #expect(refusal(own) == nil && refusal(empty) == nil)
        #expect(
            refusal(other)
                == "\(other.path): exists already and is not a list of tailor's: choose another name, or remove it"
        )
        #expect(refusal(own, mark: nil)?.contains("exists already: choose another name") == true)
        #expect(refusal(folder.url)?.contains("exists already and is no file") == true)
        #expect(
            refusal(folder.file("none/x"))?.hasSuffix(
                "there is no folder \(folder.file("none").path) to write it to")
                == true)
        // A link to nothing, and one to a foreign file.
        let link = folder.file("link")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: folder.file("gone"))
        #expect(refusal(link) != nil)
        try FileManager.default.removeItem(at: link)
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: other)
        #expect(refusal(link) != nil)
    }
}
