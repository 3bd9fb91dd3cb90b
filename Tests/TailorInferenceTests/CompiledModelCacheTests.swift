import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// A cache whose files change must never change an answer, and never keep a model from starting.
@Suite(.serialized) struct CompiledModelCacheTests {
    let folder: TemporaryFolder
    let file: ModelFile
    let image: RGBImage
    let expected: Classification

    init() throws {
        folder = try TemporaryFolder()
        image = try TestImage.coloredStripes(1, seed: 3)[0]
        let random = try RandomModel()
        let plain = try Classifier(try random.file(), name: "made", options: ClassifierTests.options)
        var description = random.description()
        description.golden = [GoldenVector(image: image, logits: try plain.classify(image).logits)]
        file = try random.file().described(as: description)
        expected = try plain.classify(image)
    }

    private func answer(_ cache: URL) throws -> Classification {
        var options = ClassifierTests.options
        options.cacheFolder = cache
        return try Classifier(file, name: "made", options: options).classify(image)
    }

    /// The one entry in a cache.
    private func entry(_ cache: URL) throws -> URL {
        let names = try FileManager.default.contentsOfDirectory(atPath: cache.path)
        try #require(names.count == 1 && names[0].hasSuffix(".compiled"))
        return cache.appending(path: names[0])
    }

    /// Expects that another start answers rightly and takes the entry as it is.
    private func expectBelieved(_ entry: URL, sourceLocation: SourceLocation = #_sourceLocation) throws {
        func identifier() throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: entry.path)[.systemFileNumber] as? Int
        }
        let (contents, number) = (try Data(contentsOf: entry), try identifier())
        #expect(try answer(entry.deletingLastPathComponent()) == expected, sourceLocation: sourceLocation)
        #expect(try Data(contentsOf: entry) == contents, sourceLocation: sourceLocation)
        #expect(try identifier() == number, sourceLocation: sourceLocation)
    }

    @Test func theSecondStartReadsWhatTheFirstKept() throws {
        let cache = folder.file("cache/deep")
        #expect(try answer(cache) == expected)
        let entry = try entry(cache)
        let kept = try Data(contentsOf: entry)
        let identifier =
            try FileManager.default.attributesOfItem(atPath: entry.path)[.systemFileNumber] as? Int
        #expect(try answer(cache) == expected)
        #expect(try Data(contentsOf: entry) == kept)
        // Not written a second time.
        #expect(
            try FileManager.default.attributesOfItem(atPath: entry.path)[.systemFileNumber] as? Int
                == identifier)
        for path in [cache, entry] {
            let permissions = try FileManager.default.attributesOfItem(atPath: path.path)[.posixPermissions]
            #expect(try #require(permissions as? Int) & 0o077 == 0)
        }
    }

    @Test func aDamagedEntryIsCompiledAgain() throws {
        let cache = folder.file("cache")
        #expect(try answer(cache) == expected)
        let entry = try entry(cache)
        let kept = try Data(contentsOf: entry)
        func flipped(_ index: Int) -> Data {
            var data = kept
            data[index] ^= 0x10
            return data
        }
        var zeroed = kept
        zeroed.resetBytes(in: kept.count / 2..<kept.count / 2 + 4096)
        let damages = [
            flipped(0), flipped(40), flipped(200), flipped(kept.count / 3), flipped(kept.count - 1), zeroed,
            kept.prefix(kept.count / 2), kept.prefix(30), Data(), kept + Data([0]),
        ]
        for damage in damages {
            try damage.write(to: entry)
            #expect(try answer(cache) == expected)
            #expect(try Data(contentsOf: entry) != damage)
            try expectBelieved(entry)
        }
    }

    /// An entry whose digest is right and whose contents are another model's, as only a person can make it.
    @Test func whatFailsTheGoldenVectorsIsCompiledAgain() throws {
        let cache = folder.file("cache")
        #expect(try answer(cache) == expected)
        let entry = try entry(cache)
        let other = folder.file("other")
        var options = ClassifierTests.options
        options.cacheFolder = other
        _ = try Classifier(try RandomModel(seed: 2).file(), name: "other", options: options)
        let foreign = try Data(contentsOf: try self.entry(other))
        // Under this entry's name: the digest covers the name, so this alone is found.
        try foreign.write(to: entry)
        #expect(try answer(cache) == expected)
        try expectBelieved(entry)
        // With a digest made for the name.
        let key = String(entry.lastPathComponent.dropLast(".compiled".count))
        let header = "tailor compiled model 1\n".utf8.count
        let contents = foreign.dropFirst(header + 64)
        let digest = try ContentHash.sha256(Data((key + "\n").utf8) + contents)
        try (foreign.prefix(header) + Data(digest.utf8) + contents).write(to: entry)
        #expect(try answer(cache) == expected)
        #expect(try Data(contentsOf: entry) != foreign)
        try expectBelieved(entry)
    }

    @Test func linksAndFoldersOfOthersAreNotFollowed() throws {
        let cache = folder.file("cache")
        #expect(try answer(cache) == expected)
        let entry = try entry(cache)
        // A link to a good entry elsewhere: replaced, its target left alone.
        let elsewhere = folder.file("elsewhere.compiled")
        try FileManager.default.moveItem(at: entry, to: elsewhere)
        let kept = try Data(contentsOf: elsewhere)
        try FileManager.default.createSymbolicLink(at: entry, withDestinationURL: elsewhere)
        #expect(try answer(cache) == expected)
        #expect(try Data(contentsOf: elsewhere) == kept)
        #expect(try entry.resourceValues(forKeys: [.isSymbolicLinkKey]).isSymbolicLink == false)

        // A folder that is a link, and one that others may write to: nothing is written there.
        let target = folder.file("target")
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        let link = folder.file("link")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: target)
        let open = folder.file("open")
        try FileManager.default.createDirectory(
            at: open, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: open.path)
        for cache in [link, open] {
            #expect(try answer(cache) == expected)
            #expect(try FileManager.default.contentsOfDirectory(atPath: cache.path).isEmpty)
        }

        // A file that others may write to is not read.
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: entry.path)
        #expect(try answer(cache) == expected)
        let permissions = try FileManager.default.attributesOfItem(atPath: entry.path)[.posixPermissions]
        #expect(permissions as? Int == 0o600)
    }

    @Test func aFolderThatCannotBeIsNoError() throws {
        try Data("x".utf8).write(to: folder.file("a file"))
        #expect(try answer(folder.file("a file/cache")) == expected)
        #expect(try answer(folder.file("a file")) == expected)
    }

    @Test func theOldestGoFirst() throws {
        let cache = try PrivateFolder(folder.file("cache"))
        for (index, name) in ["a.compiled", "b.compiled", "c.compiled", "d.txt"].enumerated() {
            cache.write(name) { try $0.write(contentsOf: Data(count: 100)) }
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1e9 + Double(index))],
                ofItemAtPath: folder.file("cache/\(name)").path)
        }
        cache.markUsed("a.compiled")
        cache.sweep(suffix: ".compiled", maximumTotalBytes: 250, keeping: "c.compiled")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.file("cache").path).sorted()
                == ["a.compiled", "c.compiled", "d.txt"])
    }
}
