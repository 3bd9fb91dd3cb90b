import Foundation
import Tailor
import TestSupport
import Testing

/// A checkpoint is a quarter of a gigabyte for a network of its usual size, and nobody goes on from an end.
@Suite struct CheckpointRemovalTests {
    private func names(_ folder: RunFolder) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder.checkpoint.path).sorted()) ?? []
    }

    @Test func nothingIsLeftAtTheEnd() throws {
        let images = try MadeImages(train: 6, validation: 2, test: 0)
        let recipe = Recipe.tiny(phases: [Phase(trainableFrom: .head, epochs: 2)])
        let stopped = try train(images, recipe, into: "a", stopAfterSteps: 2)
        let folder = images.run("a")
        #expect(stopped.status == .interrupted && names(folder).contains("state.json"))
        // Somebody else's stays.
        try Data("mine".utf8).write(to: folder.checkpoint.appending(path: "notes.txt"))
        #expect(try train(images, recipe, into: "a", resume: true).status == .finished)
        #expect(names(folder) == ["notes.txt"])
    }

    @Test func aFinishedRunIsStillOne() throws {
        let images = try MadeImages(train: 6, validation: 2, test: 0)
        let recipe = Recipe.tiny(phases: [Phase(trainableFrom: .head, epochs: 1)])
        let record = try train(images, recipe, into: "b")
        let folder = images.run("b")
        #expect(record.status == .finished && !FileManager.default.fileExists(atPath: folder.checkpoint.path))
        // Killed between its end and the removal.
        try FileManager.default.createDirectory(at: folder.checkpoint, withIntermediateDirectories: false)
        try Data("x".utf8).write(to: folder.checkpoint.appending(path: "step-3.safetensors"))
        #expect(try train(images, recipe, into: "b", resume: true).best?.sha256 == record.best?.sha256)
        #expect(!FileManager.default.fileExists(atPath: folder.checkpoint.path))
    }
}
