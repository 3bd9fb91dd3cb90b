import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// What a review asks about, and what it must not ask.
@Suite struct ReviewSuspectsTests {
    private let folder: TemporaryFolder

    /// Forty clean pictures of each class in train, ten in val and test.
    init() throws {
        folder = try TemporaryFolder()
        var number = 0
        for (split, count) in [("train", 40), ("val", 10), ("test", 10)] {
            for index in 0..<count {
                for name in ["plain", "striped"] {
                    number += 1
                    try folder.write(TestImage.texture(number).pngData(), to: "\(split)/\(name)/\(index).png")
                }
            }
        }
    }

    private func copy(_ path: String, to new: String) throws {
        try folder.write(Data(contentsOf: folder.file(path)), to: new)
    }

    private func review(_ answers: [ReviewSuspects.Answer] = []) throws -> ReviewSuspects {
        ReviewSuspects(try DatasetAudit(folder.url), answers: answers)
    }

    private static func name(_ neighbour: ReviewPage.Neighbour) -> String {
        "\(neighbour.path) \(neighbour.label.map(String.init) ?? "sealed")"
    }

    private static func line(_ suspect: ReviewPage.Suspect) -> String {
        "\(suspect.path) \(suspect.kinds.map(\.rawValue).joined(separator: "+"))"
            + " → \(suspect.suggestsExclusion ? "out" : suspect.suggestion.map(String.init) ?? "-")"
            + " [\(suspect.neighbours.map(name).joined(separator: ", "))]"
    }

    @Test func nothingIsAskedOfCleanData() throws {
        #expect(try review().suspects.isEmpty)
    }

    @Test func everyKindOnceAndInOrder() throws {
        try copy("train/plain/1.png", to: "train/striped/twin.png")
        try copy("train/plain/2.png", to: "val/plain/twin.png")
        // Under two classes, one of them in the test set: its label is not told.
        try copy("test/striped/3.png", to: "train/plain/of-test.png")
        try folder.write(Data("no image".utf8), to: "train/plain/bad.png")
        try folder.write(Data("no image".utf8), to: "test/plain/bad.png")
        try folder.write(
            RGBImage(width: 64, height: 64, red: 9, green: 9, blue: 9).pngData(), to: "val/plain/blank.png")
        try folder.write(
            RGBImage(width: 64, height: 64, red: 8, green: 9, blue: 9).pngData(), to: "test/plain/blank.png")
        let review = try review()
        #expect(
            review.suspects.map(Self.line) == [
                "train/plain/1.png classes → - [train/striped/twin.png 1]",
                "train/striped/twin.png classes → - [train/plain/1.png 0]",
                "train/plain/2.png copies → out [val/plain/twin.png 0]",
                "train/plain/of-test.png copies → out [test/striped/3.png sealed]",
                "val/plain/blank.png extreme → out []", "train/plain/bad.png unreadable → out []",
            ])
        #expect(
            try review.suspects[5].sha256
                == ContentHash.sha256(contentsOf: folder.file("train/plain/bad.png")))
        #expect(review.suspects.allSatisfy { $0.part != "test" })
        #expect(review.notes.contains { $0.hasPrefix("1 test image cannot be read") })
    }

    /// By confident learning: of twenty sure answers one contradicts its label.
    @Test func answersOfARunComeFirst() throws {
        let audit = try DatasetAudit(folder.url)
        let answers =
            (0..<20).map { index in
                let label = audit.images[index].label
                let seen = index == 7 ? 1 - label : label
                return ReviewSuspects.Answer(
                    image: index, label: label, probabilities: seen == 0 ? [0.9, 0.1] : [0.1, 0.9])
            } + [ReviewSuspects.Answer(image: 60, label: 1, probabilities: [0.2, 0.8])]
        let suspects = ReviewSuspects(audit, answers: answers).suspects
        #expect(suspects.map(\.path) == [audit.images[7].path])
        #expect(suspects.first?.labelProbability == 0.1)
        #expect(suspects.first?.suggestion == 1 - audit.images[7].label)
    }

    /// A page is bounded by its number of images; those of the second page are not on the first.
    @Test func pagesAreDivided() throws {
        let audit = try DatasetAudit(folder.url)
        let suspects = (0..<(ReviewPage.suspectLimit + 1)).map { index -> ReviewPage.Suspect in
            let image = audit.images[index % audit.images.count]
            return .init(
                path: index < audit.images.count ? image.path : "train/plain/none-\(index).png", sha256: "",
                label: image.label, part: .train)
        }
        let files = try ReviewWriter(audit, suspects: suspects, origin: "test", workers: 2)
            .write(to: folder.file("review.html"))
        #expect(files.map(\.lastPathComponent) == ["review.html", "review-2.html"])
        let second = try String(contentsOf: files[1], encoding: .utf8)
        expect(second, contains: "none-\(ReviewPage.suspectLimit).png")
        expect(second, lacks: "none-\(ReviewPage.suspectLimit - 1).png")
        expect(second, contains: "\"pages\":[\"review.html\",\"review-2.html\"]")
    }
}
