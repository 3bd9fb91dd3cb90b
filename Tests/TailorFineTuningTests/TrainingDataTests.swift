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

    /// One group cannot be divided: image by image then, as if there were none, and only for who allows leaks.
    @Test func oneGroupAloneIsDividedImageByImage() throws {
        #expect(try validation(allowsLeaks: true) { _ in "one" } == Self.imageByImage)
        let refusal = #expect(throws: LeakRefusal.self) { try validation { _ in "one" } }
        #expect(
            refusal?.reasons == [
                "1 group of 1 on both sides of a split.",
                "4 of 4 validation images affected, at most 5 % may be.",
            ])
    }

    @Test func aShareOfNothingIsTooFew() throws {
        for grouping in [nil, { @Sendable (_: String) -> String? in "one" }] {
            let error = #expect(throws: RecipeError.self) { try validation(share: 0, grouping) }
            #expect(error?.description.contains("too few images to set any aside for validation") == true)
        }
    }
}
