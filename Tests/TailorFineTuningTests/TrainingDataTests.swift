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
