import Foundation
import TailorImages
import TestSupport
import Testing

@Suite struct ImageFilesTests {
    /// A folder may be a link, and is called as it was.
    @Test func aFolderThatIsALink() throws {
        let folder = try TemporaryFolder()
        for name in ["real/b.ppm", "real/inner/a.png", "real/.hidden.png", "real/notes.txt"] {
            try folder.write(Data(), to: name)
        }
        let link = folder.file("link").path
        try FileManager.default.createSymbolicLink(
            atPath: link, withDestinationPath: folder.file("real").path)
        #expect(try ImageFiles.expand([link]) == [link + "/b.ppm", link + "/inner/a.png"])
        #expect(try ImageFiles.expand([link + "/"]) == [link + "/b.ppm", link + "/inner/a.png"])
    }
}
