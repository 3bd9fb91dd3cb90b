import Foundation
import Tailor
import TestSupport
import Testing

@Suite struct MovedFolderTests {
    /// The run ends at once, the folder in its place stays empty, and the run goes on where it is now.
    @Test func nothingIsWrittenIntoAnotherFolder() throws {
        let images = try MadeImages(train: 6, validation: 2, test: 0)
        let recipe = Recipe.tiny(phases: [Phase(trainableFrom: .head, epochs: 3)])
        let (folder, moved) = (images.run("a").url, images.run("b").url)
        let manager = FileManager.default
        let error = #expect(throws: RunError.self) {
            try train(images, recipe, into: "a") { event in
                guard case .epochFinished(let row) = event, row.epoch == 1 else { return }
                try? manager.moveItem(at: folder, to: moved)
                try? manager.createDirectory(at: folder, withIntermediateDirectories: false)
            }
        }
        #expect(
            error?.description.contains("the run folder itself is missing") == true,
            "\(String(describing: error))")
        #expect(try manager.contentsOfDirectory(atPath: folder.path) == [])
        #expect(try train(images, recipe, into: "b", resume: true).status == .finished)
    }
}
