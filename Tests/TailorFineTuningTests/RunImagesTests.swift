import Foundation
import Tailor
import TestSupport
import Testing

/// The images of a run, as its list has them.
@Suite struct RunImagesTests {
    /// Two files of which the names differ only in how a letter is encoded are two.
    @Test func namesThatReadAlike() throws {
        let images = try MadeImages(train: 4, validation: 2, test: 0)
        for (index, name) in ["\u{E9}", "e\u{301}"].enumerated() {
            try FileManager.default.moveItem(
                at: images.root.appending(path: "train/across/\(index).ppm"),
                to: URL(fileURLWithPath: images.root.path + "/train/across/\(name).ppm"))
        }
        let record = try train(images, .tiny(phases: [Phase(trainableFrom: .head, epochs: 1)]), into: "run")
        let listed = try RunImages(images.run("run"), record: record)
        #expect(listed.train.count == 8 && Set(listed.train).count == 8)
        for sample in listed.train {
            try listed.requireUnchanged(sample, bytes: Data(contentsOf: sample.url))
        }
        #expect(throws: RunError.self) {
            try listed.requireUnchanged(listed.train[0], bytes: Data([0]))
        }
    }
}
