import Foundation
import TailorAudit
import TailorDatasets
import TailorImages
import TailorSplitting
import TailorSupport
import TestSupport
import Testing

@Suite struct ScreeningTests {
    /// 30 images, `bad` of which are not.
    private func made(bad: Int) throws -> MadeDataset {
        let made = try MadeDataset((0..<30).map { "train/\($0 % 2 == 0 ? "a" : "b")/\(100 + $0).ppm" })
        for number in 0..<bad {
            let path = "train/\(number % 2 == 0 ? "a" : "b")/\(100 + number).ppm"
            try made.write(Data(number == 0 ? "".utf8 : "just text".utf8), to: path)
        }
        return made
    }

    @Test func factsOfEachFile() throws {
        let made = try made(bad: 0)
        let folder = try DatasetFolder.scan(made.url)
        let data = try folder.screened(options: .init(workers: 3))
        #expect(data.train.map(\.sample) == folder.train)
        #expect(data.validation == nil)
        #expect(Set(data.train.map(\.measurement.width)) == [6])
        #expect(Set(data.train.map(\.measurement.height)) == [4])
        #expect(Set(data.train.map(\.measurement.fileBytes)) == [11 + 72])
        #expect(
            data.train[3].measurement.sha256
                == "8cc25db8e44d50ba8f1909087f8929093c26713ee11fcb199fdbe3191d65fd43")
        #expect(data.unreadable == [])
        #expect(data.warnings == ["no test/: the model cannot be tested; val never stands in for it"])
        #expect(data.trainCounts == [15, 15])
    }

    @Test(arguments: [1, 4])
    func someAreSkippedAndListed(workers: Int) throws {
        let made = try made(bad: 1)
        try made.write(Data("x".utf8), to: "test/a/1.ppm")
        let folder = try DatasetFolder.scan(made.url)
        let data = try folder.screened(options: .init(workers: workers))
        #expect(data.train.map(\.sample) == Array(folder.train.dropFirst()))
        #expect(data.unreadable.map(\.path) == ["train/a/100.ppm"])
        #expect(data.unreadable[0].reason.contains(made.path) == false)
        #expect(data.warnings.count == 1)
        #expect(data.warnings[0].hasPrefix("skipped 1 unreadable file: train/a/100.ppm: "))
    }

    @Test func tooManyAreRefused() throws {
        let made = try made(bad: 12)
        try made.link("train/b/dangling.ppm", to: "nowhere")
        let folder = try DatasetFolder.scan(made.url)
        let error = #expect(throws: DatasetError.self) { try folder.screened() }
        let lines = (error?.description ?? "").split(separator: "\n")
        #expect(lines.count == 12)
        #expect(lines.first == "13 of 31 images cannot be read (at most 5 % may be skipped):")
        #expect(lines.dropFirst().first?.hasPrefix("  train/a/100.ppm: ") == true)
        #expect(lines.last == "  and 3 more")
        let data = try folder.screened(options: .init(unreadableShare: 0.5))
        #expect(data.unreadable.count == 13)
        #expect(data.unreadable.last?.description == "train/b/dangling.ppm: a link to nothing")
    }

    @Test func strictRefusesOne() throws {
        let made = try made(bad: 1)
        let folder = try DatasetFolder.scan(made.url)
        let error = #expect(throws: DatasetError.self) { try folder.screened(options: .init(strict: true)) }
        #expect(
            error?.description.hasPrefix(
                "1 of 30 images cannot be read (strict mode allows none):\n  train/a/100")
                == true)
    }

    #if os(Linux)
        /// Not a file's fault, hence never among the unreadable files that may be skipped.
        @Test func aFailingHashIsNoFilesProblem() throws {
            #expect(throws: ContentHashError.self) {
                try FileOutcome(of: "a") { _ = try SHA256Digest(algorithm: "none") }
            }
        }
    #endif

    @Test func whatComesOfOneFile() throws {
        #expect(try FileOutcome(of: "a") { 5 }.value == 5)
        let gone = try FileOutcome<Int>(of: "a") {
            throw ImageError.unreadable(path: "/x/a", reason: "gone")
        }
        #expect(gone.value == nil)
        #expect(gone.problem == FileProblem(path: "a", reason: "could not be read: gone"))
        struct Other: Error, CustomStringConvertible { let description = "out of luck" }
        #expect(try FileOutcome<Int>(of: "a") { throw Other() }.problem?.reason == "out of luck")
    }

    @Test func aClassWithNothingLeft() throws {
        let made = try MadeDataset((0..<40).map { "a/\($0).ppm" } + ["b/1.ppm"])
        try made.write(Data("no".utf8), to: "b/1.ppm")
        let folder = try DatasetFolder.scan(made.url)
        let error = #expect(throws: DatasetError.self) { try folder.screened() }
        #expect(error?.description.hasPrefix("no readable image is left in 1 class: b:\n  b/1.ppm: ") == true)
    }

    @Test func aValidationSetWithNothingLeft() throws {
        let made = try MadeDataset((0..<40).map { "train/\($0 % 2)/\($0).ppm" } + ["val/0/1.ppm"])
        try made.write(Data("no".utf8), to: "val/0/1.ppm")
        let folder = try DatasetFolder.scan(made.url)
        let error = #expect(throws: DatasetError.self) { try folder.screened() }
        #expect(
            error?.description.hasPrefix("no readable image is left for validation:\n  val/0/1.ppm: ") == true
        )
    }

    @Test func allIdentical() throws {
        let made = try MadeDataset()
        for path in ["a/1.ppm", "a/2.ppm", "b/1.ppm"] { try made.write(MadeDataset.image(5), to: path) }
        let folder = try DatasetFolder.scan(made.url)
        let error = #expect(throws: DatasetError.self) { try folder.screened() }
        #expect(error?.description == "all 3 images are identical: there is nothing to learn")
        try made.write(MadeDataset.image(6), to: "b/1.ppm")
        #expect(try folder.screened().train.count == 3)
    }

    @Test func anotherFormatIsToldAndReadByContent() throws {
        let made = try MadeDataset(
            (0..<60).map { "\($0 % 2 == 0 ? "a" : "b")/\(100 + $0).ppm" } + ["test/a/1.ppm"])
        // A GIF of one black pixel under a name of its own, and a PPM that calls itself PNG.
        let gif = try #require(
            Data(base64Encoded: "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"))
        try made.write(gif, to: "a/imageNotFound.gif")
        try made.write(MadeDataset.image(77), to: "b/renamed.png")
        let data = try DatasetFolder.scan(made.url).screened()
        #expect(
            data.warnings == ["1 GIF among 61 PNM images: a/imageNotFound.gif. Look whether it belongs there"]
        )
        #expect(
            data.notes.last
                == "1 image of another format than the name says, read by content: b/renamed.png (PNM)")
        #expect(data.train.filter { $0.measurement.facts.format == .gif }.map(\.measurement.width) == [1])
    }

    @Test func validationIsSplitOff() throws {
        let made = try made(bad: 0)
        let data = try DatasetFolder.scan(made.url).screened()
        let split = try data.withValidation(share: 0.2, seed: 4)
        let expected = try stratifiedSplit(data.train.map(\.sample), validationShare: 0.2, seed: 4)
        #expect(split.train.map(\.sample) == expected.train)
        #expect(split.validation?.map(\.sample) == expected.validation)
        #expect(
            split.notes.last
                == "no val/: 6 images of train (20 % of each class) split off for validation by seed 4")
        #expect(try split.fingerprint().train.count == 24)
        #expect(try split.fingerprint().validation.count == 6)
        #expect(try split.fingerprint() == data.withValidation(share: 0.2, seed: 4).fingerprint())
        #expect(try split.fingerprint() != data.withValidation(share: 0.2, seed: 5).fingerprint())
        // Sets stay whole, on the side of their first image.
        let sets = [[0, 2, 4, 6], [1, 3]]
        let whole = try data.withValidation(share: 0.2, seed: 4, together: sets)
        let chosen = Set((whole.validation ?? []).map(\.sample))
        for set in sets { #expect(Set(set.map { chosen.contains(data.train[$0].sample) }).count == 1) }
        // One that has a validation set keeps it.
        #expect(try split.withValidation(share: 0.5, seed: 9).fingerprint() == split.fingerprint())
    }

    @Test func decodedImagesAreKept() throws {
        let made = try made(bad: 0)
        let folder = try DatasetFolder.scan(made.url)
        let cache = DecodedImageCache(byteBudget: 10 * 72 + 71)
        _ = try folder.screened(cache: cache)
        #expect(cache.contents == (10, 720))
        let all = DecodedImageCache()
        #expect(all.byteBudget > 1 << 20)
        _ = try folder.screened(cache: all)
        #expect(all.contents == (30, 30 * 72))
        #expect(all.image(for: folder.train[0])?.pixels[..<3] == [0, 37, 74])
        all.removeAll()
        #expect(all.contents == (0, 0))
        #expect(all.image(for: folder.train[0]) == nil)
    }
}
