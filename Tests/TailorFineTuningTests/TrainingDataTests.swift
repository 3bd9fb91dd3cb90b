import Foundation
import Tailor
import TestSupport
import Testing

/// How images are set aside for validation where the folder has no `val/`.
@Suite struct TrainingDataTests {
    private let images: MadeImages

    init() throws { images = try MadeImages(train: 10, validation: 0, test: 0) }

    private func validation(
        share: Double = 0.2, allowsLeaks: Bool = false, _ grouping: (@Sendable (String) -> String?)? = nil
    ) throws -> [String] {
        try TrainingData.prepare(
            images.root,
            options: .init(
                validationShare: share, seed: 3, grouping: grouping.map(GroupSource.function),
                allowsLeaks: allowsLeaks)
        ).validation.map(\.relativePath)
    }

    /// Of each class, the two of ten with the lowest SHA-256 of "3", a newline and the path; by Python's hashlib.
    private static let imageByImage = [
        "train/across/4.ppm", "train/across/7.ppm", "train/upright/4.ppm", "train/upright/5.ppm",
    ]

    /// A share has no effect beside a validation set, which is said before an image is opened.
    @Test func aShareBesideValidationImagesIsRefused() throws {
        let divided = try MadeImages(train: 2, validation: 2, test: 0)
        #expect(throws: DatasetError.shareWithoutEffect(path: divided.root.path)) {
            try TrainingData.prepare(divided.root, options: .init(validationShare: 0.3))
        }
        #expect(try TrainingData.prepare(divided.root).validation.count == 4)
    }

    /// What the planner has to say of the set it makes.
    @Test func classesWithoutValidationAreSaid() throws {
        let few = try MadeImages(train: 4, validation: 0, test: 0)
        for index in 1..<4 {
            try FileManager.default.removeItem(at: few.root.appending(path: "train/upright/\(index).ppm"))
        }
        let single = try TrainingData.prepare(few.root)
        #expect(
            single.warnings.contains(
                "no image of 1 class is left for validation: upright. Their metrics are not available"
            ))
        let copied = try Data(contentsOf: few.root.appending(path: "train/across/0.ppm"))
        try copied.write(to: few.root.appending(path: "train/across/9.ppm"))
        let planned = try TrainingData.prepare(few.root)
        #expect(planned.warnings.contains { $0.hasPrefix("1 class has no image in val: upright (1 image)") })
    }

    /// A CSV that divides images: trained on as its rows say.
    @Test func aManifest() throws {
        let rows = ["across", "upright"].flatMap { name in
            (0..<10).map { "\($0 < 6 ? "train" : $0 < 8 ? "val" : "test"),train/\(name)/\($0).ppm,\(name)" }
        }
        let url = images.root.appending(path: "d.csv")
        try Data((["split,path,class"] + rows).joined(separator: "\n").utf8).write(to: url)
        let data = try TrainingData.prepare(url)
        #expect(data.trainCounts == [6, 6] && data.validationCounts == [2, 2])
        #expect(data.train.first?.url.path == images.root.path + "/train/across/0.ppm")
        #expect(data.dataset.hasTest && data.root == url)
    }

    /// A set that is split off keeps the groups of the CSV whole; one that divides a group is refused.
    @Test func groupsOfAManifest() throws {
        func lines(_ part: (Int) -> String) -> [String] {
            ["across", "upright"].flatMap { name in
                (0..<10).map { "\(part($0)),train/\(name)/\($0).ppm,\(name),pair \($0 / 2)" }
            }
        }
        let url = images.root.appending(path: "d.csv")
        func prepare(_ part: (Int) -> String, _ grouping: GroupSource? = nil) throws -> TrainingData {
            try Data((["split,path,class,group"] + lines(part)).joined(separator: "\n").utf8).write(to: url)
            return try TrainingData.prepare(url, options: .init(seed: 3, grouping: grouping))
        }
        func pairs(_ samples: [Sample]) -> Set<Int> {
            Set(samples.compactMap { Int($0.url.deletingPathExtension().lastPathComponent) }.map { $0 / 2 })
        }
        let data = try prepare { _ in "train" }
        #expect(!data.validation.isEmpty && pairs(data.train).isDisjoint(with: pairs(data.validation)))
        let message = message { _ = try prepare { $0 < 7 ? "train" : "val" } }
        #expect(message.contains("1 group of 5 on both sides of a split"), "\(message)")
        // What is asked for counts.
        let other = try prepare({ $0 < 7 ? "train" : "val" }, .function { $0 })
        #expect(other.validation.count == 6)
    }

    @Test func imageByImageWithoutGroups() throws {
        #expect(try validation() == Self.imageByImage)
    }

    @Test func groupsStayWholeWhereTheyCan() throws {
        let pairs: @Sendable (String) -> String? = { path in
            path.split(separator: "/").last.flatMap { Int($0.dropLast(4)) }.map { "pair \($0 / 2)" }
        }
        let found = try validation(pairs)
        #expect(found.count == 4)
        // Both images of the pair, of both classes.
        #expect(Set(found.compactMap(pairs)).count == 1)
    }

    /// One group cannot be divided, and never is; whoever allows leaks does not ask for that either.
    @Test(arguments: [false, true]) func oneGroupAloneIsRefused(allowsLeaks: Bool) throws {
        let refusal = #expect(throws: SplitError.self) {
            try validation(allowsLeaks: allowsLeaks) { _ in "one" }
        }
        #expect(refusal?.category == .input)
        #expect(
            refusal?.description
                == "20 images in 1 group (one) cannot be divided among 2 parts: a group stays on one side, "
                + "expected 2 groups or more. Remedy: group more finely, add images of other groups, or divide "
                + "them by hand")
    }

    /// Copies of a picture tie two groups, which leaves one.
    @Test func groupsJoinedByCopiesAreNamed() throws {
        let copied = try Data(contentsOf: images.root.appending(path: "train/across/0.ppm"))
        try copied.write(to: images.root.appending(path: "train/upright/0.ppm"))
        let refusal = #expect(throws: SplitError.self) {
            try validation { $0.contains("across") ? "first" : "second" }
        }
        #expect(
            refusal?.description.hasPrefix(
                "20 images in 2 groups (first, second), joined to 1 by copies of a picture, cannot be")
                == true)
    }

    @Test func aShareOfNothingIsTooFew() throws {
        for grouping in [nil, { @Sendable (_: String) -> String? in "one" }] {
            let error = #expect(throws: RecipeError.self) { try validation(share: 0, grouping) }
            #expect(error?.description.contains("too few images to set any aside for validation") == true)
        }
    }
}
