import Foundation
import TailorDatasets
import TailorSplitting
import TestSupport
import Testing

/// A source that says which image is in which part is followed.
@Suite struct GivenPartsTests {
    private let made: MadeDataset

    init() throws {
        made = try MadeDataset((0..<10).map { "img/\($0).png" }, empty: true)
    }

    private func open(_ text: String, skipsProblems: Bool = false) throws -> SplitSource {
        let url = made.url.appending(path: "l.csv")
        try made.write(Data(text.utf8), to: "l.csv")
        return try SplitSource.open(url, skipsProblems: skipsProblems)
    }

    private static func list(_ header: String, _ parts: [String]) -> String {
        ([header] + parts.enumerated().map { "\($1),img/\($0).png,\(["cat", "dog"][$0 % 2])" })
            .joined(separator: "\n")
    }

    private static let parts = [
        "train", "TRAINING", "train", "Train", "train", "train_set", "val", "validation", "test", "testing",
    ]

    @Test(arguments: ["split,path,label", "Split,path,label", "split,path,class", "subset,path,label"])
    func theColumnIsFollowed(header: String) throws {
        let source = try open(Self.list(header, Self.parts))
        let expected =
            [SplitPart](repeating: .train, count: 6) + [SplitPart](repeating: .val, count: 2)
            + [SplitPart](repeating: .test, count: 2)
        #expect(source.isDivided && source.images.map(\.part) == expected)
        #expect(
            source.notes.first == "divided as the column \(header.prefix { $0 != "," }) says")
        // Whatever shares and seed: those of the column.
        for seed in UInt64(1)...5 {
            let plan = try SplitPlanner(shares: SplitShares(val: 0.5, test: 0), seed: seed)
                .plan(source.items, classes: source.classes, together: [[0, 2]])
            #expect(plan.isGiven && plan.parts == expected && plan.warnings == [])
            expectClose(plan.shares.train, 0.6, absolute: 1e-12)
            expectClose(plan.shares.test, 0.2, absolute: 1e-12)
        }
        let crossing = try SplitPlanner(seed: 1)
            .plan(source.items, classes: source.classes, together: [[0, 2], [1, 9]])
        #expect(
            crossing.warnings == [
                "1 set of copies, or pictures of one subject, lies in several of the parts that were given: "
                    + "img/1.png (train) = img/9.png (test)"
            ])
    }

    @Test func classesThatAreNotInAPart() throws {
        let text = Self.list("split,path,label", ["train", "train", "train", "train", "test", "train"])
        let source = try open(text)
        let plan = try SplitPlanner(seed: 1).plan(source.items, classes: source.classes)
        #expect(plan.warnings == ["1 class has no image in test: dog (3 images)"])
    }

    @Test func whatIsNoPartIsRefused() throws {
        let text = Self.list("split,path,label", ["train", "learn", "train", "", "val", "test"])
        let error = #expect(throws: SplitError.self) { try open(text) }
        #expect(
            error?.description
                == "2 problems in \(made.path)/l.csv:\n"
                + "  line 3: expected train, val or test in the column split, got \"learn\"\n"
                + "  line 5: expected train, val or test in the column split, got nothing")
        #expect(try open(text, skipsProblems: true).images.count == 4)
        let twice = #expect(throws: SplitError.self) {
            try open("split,path,label\ntrain,img/0.png,a\ntest,img/0.png,a\nval,img/1.png,b\n")
        }
        #expect(
            twice?.description.hasSuffix("line 3: img/0.png is in test here and in train on line 2") == true)
        // Another column is not taken for parts by its name alone.
        #expect(try !open(Self.list("set,path,label", ["red", "train", "blue", "test"])).isDivided)
    }

    @Test func aGroupInTwoPartsIsRefused() throws {
        let source = try open(
            "split,path,label,group\ntrain,img/0.png,a,g1\ntest,img/1.png,b,g1\ntrain,img/2.png,b,g2\n")
        let error = #expect(throws: SplitError.self) {
            try SplitPlanner(seed: 1).plan(source.items, classes: source.classes)
        }
        #expect(
            error?.description.hasPrefix(
                "the images of group g1 are given to train and test: a group is never")
                == true)
    }

    @Test func labelsThatMayBeOne() throws {
        let source = try open(
            "path,label\nimg/0.png,cat\nimg/1.png,Cat\nimg/2.png, dog \nimg/3.png,dog\nimg/4.png,CAT\n")
        #expect(source.classes.names == ["CAT", "Cat", "cat", "dog"])
        #expect(
            source.warnings == [
                "labels that differ only in case, spaces or dashes are different classes: CAT / Cat / cat"
            ])
        #expect(source.notes == ["1 label read without the blanks around"])
        let folders = try MadeDataset(["a b/1.png", "A-b/1.png"], empty: true)
        #expect(
            try DatasetFolder.scan(folders.url).warnings.first
                == "class names that differ only in case, spaces or dashes: A-b / a b")
    }
}
