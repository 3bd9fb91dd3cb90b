import Foundation
import TailorDatasets
import TailorSplitting
import TestSupport
import Testing

@Suite struct StratifiedSplitTests {
    static func samples(_ counts: [Int]) -> [Sample] {
        counts.enumerated().flatMap { label, count in
            (0..<count).map {
                Sample(
                    root: "/", relativePath: "\("abcdef".dropFirst(label).prefix(1))/\($0).png", label: label)
            }
        }
    }

    private static let cases: [(counts: [Int], share: Double, expected: [Int])] = [
        ([10, 5, 2, 1], 0.2, [2, 1, 1, 0]), ([100, 10], 0.2, [20, 2]), ([100, 10], 0.001, [1, 1]),
        ([10, 3], 1.5, [9, 2]), ([10, 3], 0, [0, 0]), ([7, 8], 0.5, [4, 4]), ([], 0.2, []),
    ]

    @Test(arguments: cases)
    func countsOfEachClass(counts: [Int], share: Double, expected: [Int]) throws {
        let all = Self.samples(counts)
        let split = try stratifiedSplit(all, validationShare: share, seed: 1)
        #expect(
            counts.indices.map { label in split.validation.filter { $0.label == label }.count } == expected)
        // Nothing lost, nothing twice, the order kept.
        #expect(Set(split.train).isDisjoint(with: Set(split.validation)))
        #expect(split.train == all.filter { Set(split.train).contains($0) })
        #expect(split.validation == all.filter { Set(split.validation).contains($0) })
        #expect(split.train.count + split.validation.count == all.count)
    }

    /// The two lowest SHA-256 of "7\na/0.png" … "7\na/9.png", by Python's hashlib.
    @Test func chosenByHash() throws {
        let split = try stratifiedSplit(Self.samples([10]), validationShare: 0.2, seed: 7)
        #expect(split.validation.map(\.relativePath) == ["a/2.png", "a/8.png"])
        let other = try stratifiedSplit(Self.samples([10]), validationShare: 0.2, seed: 8)
        #expect(other.validation != split.validation)
    }

    /// What a class lacks is said, whichever way it came about.
    @Test func aClassWithoutValidationIsSaid() throws {
        let classes = ClassList(names: ["few", "many", "rare"])
        func warnings(_ together: [[Int]]) throws -> [String] {
            try validationChoice(
                Self.samples([2, 30, 1]), classes: classes, share: 0.2, seed: 1, together: together
            ).warnings
        }
        #expect(
            try warnings([]) == [
                "no image of 1 class is left for validation: rare. Their metrics are not available"
            ])
        #expect(
            try warnings([[0, 1]]) == [
                "2 classes have no image in val: few (2 images in 1 group), rare (1 image); a group is never divided"
            ])
    }

    /// Sets that cannot be divided are an error, not a division of each.
    @Test func copiesThatAreAllTiedAreRefused() throws {
        let all = Self.samples([4, 2])
        func choice(_ together: [[Int]], share: Double = 0.2) throws -> [Bool] {
            try validationChoice(
                all, classes: ClassList(names: ["a", "b"]), share: share, seed: 1, together: together
            ).chosen
        }
        let error = #expect(throws: SplitError.self) { try choice([Array(0..<6)]) }
        #expect(
            error?.description
                == "6 images in 1 set of copies, or pictures of one subject, cannot be divided among 2 parts: "
                + "a set stays on one side, expected 2 sets or more. Remedy: add other pictures, or divide them "
                + "by hand")
        // Nothing is divided where nothing is asked for.
        #expect(try choice([Array(0..<6)], share: 0) == Array(repeating: false, count: 6))
        let parts = try choice([[0, 1, 2], [3, 4, 5]])
        #expect(Set(parts[0..<3]).count == 1 && Set(parts[3...]).count == 1 && Set(parts).count == 2)
    }

    @Test func unrelatedChangesMoveNothing() throws {
        let before = try stratifiedSplit(Self.samples([50, 50]), validationShare: 0.2, seed: 3)
        // Another class and no first image: the validation sets share all but what the count changes.
        let changed = Self.samples([50, 50, 20]).filter { $0.relativePath != before.train[0].relativePath }
        let after = try stratifiedSplit(changed.reversed(), validationShare: 0.2, seed: 3)
        #expect(Set(after.validation.filter { $0.label < 2 }) == Set(before.validation))
    }
}
