import Foundation
import TailorDatasets
import TailorSplitting
import Testing

@Suite struct SplitPlannerTests {
    /// `counts[label]` images, groups of `size` in their order.
    static func items(_ counts: [Int], groupsOf size: Int = 1) -> [SplitItem] {
        counts.enumerated().flatMap { label, count in
            (0..<count).map { number in
                SplitItem(
                    path: "\(label)/\(number).png", label: label,
                    group: size > 1 ? "\(label)-\(number / size)" : nil)
            }
        }
    }

    static func classes(_ count: Int) -> ClassList { ClassList(names: (0..<count).map { "class \($0)" }) }

    /// Train, val and test of each class.
    static func counts(_ plan: SplitPlan) -> [[Int]] { plan.classes.map { [$0.train, $0.val, $0.test] } }

    /// No group on two sides; parts and groups as many as items.
    static func expectWhole(_ plan: SplitPlan, _ items: [SplitItem]) {
        #expect(plan.parts.count == items.count && plan.groups.count == items.count)
        let sides = Dictionary(grouping: zip(plan.groups, plan.parts)) { $0.0 }.mapValues { Set($0.map(\.1)) }
        #expect(sides.allSatisfy { $0.value.count == 1 })
        #expect(sides.count == plan.groupCount)
    }

    private static let stratified: [(counts: [Int], expected: [[Int]])] = [
        ([100, 1000], [[64, 16, 20], [640, 160, 200]]),
        // Largest remainder: 4.48, 1.12, 1.4 and 11.52, 2.88, 3.6.
        ([7, 18], [[5, 1, 1], [11, 3, 4]]),
        // Three have one each; two do without val, one without test.
        ([3, 2, 1], [[1, 1, 1], [1, 0, 1], [1, 0, 0]]),
        ([4, 5], [[2, 1, 1], [3, 1, 1]]),
    ]

    @Test(arguments: stratified)
    func everyClassByItsShares(counts: [Int], expected: [[Int]]) throws {
        let items = Self.items(counts)
        let plan = try SplitPlanner(seed: 1).plan(items, classes: Self.classes(counts.count))
        #expect(Self.counts(plan) == expected)
        #expect(plan.groups == items.map(\.path))
        Self.expectWhole(plan, items)
    }

    @Test func otherShares() throws {
        let planner = SplitPlanner(shares: try SplitShares(val: 0, test: 0.25), seed: 1)
        let plan = try planner.plan(Self.items([40, 8, 2]), classes: Self.classes(3))
        #expect(Self.counts(plan) == [[30, 0, 10], [6, 0, 2], [1, 0, 1]])
        #expect(plan.warnings == [])
        #expect(SplitShares.standard == (try SplitShares(val: 0.16, test: 0.2)))
        for (val, test) in [(-0.1, 0.2), (0.5, 0.5), (0, 0), (.nan, 0.2), (0.2, .infinity)] {
            #expect(throws: SplitError.self) { try SplitShares(val: val, test: test) }
        }
    }

    /// The SHA-256 of "7\na/0.png" … "7\na/9.png" by Python's hashlib, in their order: 2 and 8 are lowest.
    @Test func drawnByHash() throws {
        let items = (0..<10).map { SplitItem(path: "a/\($0).png", label: 0) }
        let plan = try SplitPlanner(seed: 7).plan(items, classes: Self.classes(1))
        #expect(items.indices.filter { plan.parts[$0] == .test } == [2, 8])
        let other = try SplitPlanner(seed: 8).plan(items, classes: Self.classes(1))
        #expect(other.parts != plan.parts)
    }

    @Test func neitherOrderNorOtherImagesMoveMuch() throws {
        let planner = SplitPlanner(seed: 3)
        func parts(_ items: [SplitItem]) throws -> [String: SplitPart] {
            let plan = try planner.plan(items, classes: Self.classes(3))
            return Dictionary(uniqueKeysWithValues: zip(items.map(\.path), plan.parts))
        }
        func moved(_ a: [String: SplitPart], _ b: [String: SplitPart]) -> Int {
            a.count { path, part in b[path] != nil && b[path] != part }
        }
        let single = Self.items([500, 100])
        let before = try parts(single)
        #expect(try parts(single.reversed()) == before)
        // Ten more of one class shift its two thresholds by a few places; another class shifts none.
        #expect(moved(before, try parts(Self.items([510, 100]))) <= 8)
        #expect(moved(before, try parts(Self.items([500, 100, 300]))) == 0)
        #expect(moved(before, try parts(single.filter { $0.path != "0/17.png" })) <= 1)

        // Groups of five, of both classes: one in twenty images may move where one in fifty is new.
        let grouped = (0..<600).map { number in
            SplitItem(path: "\(number)", label: number % 3 == 0 ? 1 : 0, group: "g\(number / 5)")
        }
        let more = (600..<612).map { SplitItem(path: "\($0)", label: 0, group: "g\($0 / 5)") }
        #expect(moved(try parts(grouped), try parts(grouped + more)) <= 30)
        #expect(try parts(grouped.reversed()) == (try parts(grouped)))
    }

    @Test func groupsStayWholeAndSharesNear() throws {
        for seed in UInt64(1)...20 {
            let items = Self.items([200, 60], groupsOf: 5)
            let plan = try SplitPlanner(seed: seed).plan(items, classes: Self.classes(2))
            Self.expectWhole(plan, items)
            #expect(plan.groupCount == 52)
            // Of 40 groups 25.6, 6.4 and 8; of 12 groups 7.68, 1.92 and 2.4: the nearest whole ones.
            #expect(Self.counts(plan) == [[130, 30, 40], [40, 10, 10]], "seed \(seed)")
        }
    }

    /// Sizes for which no draw in order comes near: 50, 20, 16, 6, 4, 3 and 1 make 64, 16 and 20.
    @Test func unequalGroupsArePackedExactly() throws {
        let sizes = [50, 20, 16, 6, 4, 3, 1]
        let items = sizes.enumerated().flatMap { group, size in
            (0..<size).map { SplitItem(path: "\(group)/\($0)", label: 0, group: "\(group)") }
        }
        for seed in UInt64(1)...20 {
            let plan = try SplitPlanner(seed: seed).plan(items, classes: Self.classes(1))
            Self.expectWhole(plan, items)
            #expect(plan.classes[0].deviation(from: .standard) < 0.03, "seed \(seed): \(Self.counts(plan))")
        }
    }

    @Test func groupsOfSeveralClasses() throws {
        // 300 groups of a common class; every tenth also has two of a rare one.
        var items: [SplitItem] = []
        for group in 0..<300 {
            func add(_ label: Int, _ count: Int) {
                for _ in 0..<count {
                    items.append(SplitItem(path: "\(items.count)", label: label, group: "\(group)"))
                }
            }
            add(0, group % 4 + 1)
            if group % 10 == 0 { add(1, 2) }
        }
        for seed in UInt64(1)...10 {
            let plan = try SplitPlanner(seed: seed).plan(items, classes: Self.classes(2))
            Self.expectWhole(plan, items)
            #expect(plan.classes[0].deviation(from: .standard) < 0.01)
            // 60 images in pairs: 38.4, 9.6 and 12.
            #expect(Self.counts(plan)[1] == [38, 10, 12], "seed \(seed)")
            #expect(plan.warnings == [])
        }
    }

    @Test func everyClassIsInTrainAndWhatLacksIsSaid() throws {
        // The second class is in two groups, the third in one, which also holds much of the first.
        var items = (0..<30).map { SplitItem(path: "a\($0)", label: 0, group: "g\($0 / 3)") }
        items += (0..<2).map { SplitItem(path: "b\($0)", label: 1, group: "g\($0)") }
        items.append(SplitItem(path: "c", label: 2, group: "g0"))
        for seed in UInt64(1)...20 {
            let plan = try SplitPlanner(seed: seed).plan(items, classes: Self.classes(3))
            #expect(plan.classes.allSatisfy { $0.train > 0 })
            #expect(plan.classes[1].test == 1)
            #expect(
                plan.warnings == [
                    "1 class has no image in val: class 1 (2 images)",
                    "1 class has no image in val and test: class 2 (1 image)",
                ])
        }
    }

    @Test func largeGroupsAreSaid() throws {
        let sizes = [40, 40, 20]
        let items = sizes.enumerated().flatMap { group, size in
            (0..<size).map { SplitItem(path: "\(group)/\($0)", label: 0, group: "\(group)") }
        }
        let plan = try SplitPlanner(seed: 1).plan(items, classes: Self.classes(1))
        #expect(Self.counts(plan) == [[40, 20, 40]])
        #expect(
            plan.warnings == [
                "class class 0: 40 % of it in train instead of 64 %: its groups are large"
            ])
    }

    @Test func togetherJoinsGroups() throws {
        let items = Self.items([60, 60], groupsOf: 2)
        // A chain over three groups of one class and one of the other, a pair within a group, and nothing.
        let together = [[0, 2], [3, 5, 119], [10, 11], [7], []]
        let plan = try SplitPlanner(seed: 4).plan(items, classes: Self.classes(2), together: together)
        Self.expectWhole(plan, items)
        #expect(plan.groupCount == 60 - 3)
        #expect(Set([0, 1, 2, 3, 4, 5, 118, 119].map { plan.groups[$0] }) == ["0-0"])
        #expect(Set([0, 1, 2, 3, 4, 5, 118, 119].map { plan.parts[$0] }).count == 1)
        #expect(plan.groups[6] == "0-3")
        let turned = try SplitPlanner(seed: 4).plan(
            items, classes: Self.classes(2), together: [[119, 3], [5, 3, 2], [0, 2]])
        #expect(turned.parts == plan.parts)
    }

    @Test func aNamedGroupIsNotAPath() throws {
        let items = Self.items([20, 20]) + [SplitItem(path: "x", label: 0, group: "0/3.png")]
        let plan = try SplitPlanner(seed: 1).plan(items, classes: Self.classes(2))
        #expect(plan.groupCount == 41)
    }

    @Test func refusals() {
        let planner = SplitPlanner(seed: 1)
        func message(_ items: [SplitItem], _ together: [[Int]] = []) -> String? {
            #expect(throws: SplitError.self) {
                try planner.plan(items, classes: Self.classes(2), together: together)
            }?.description
        }
        #expect(
            message(Self.items([5, 5], groupsOf: 5))
                == "10 images in 2 groups (0-0, 1-0) cannot be divided among 3 parts: a group stays on one "
                + "side, expected 3 groups or more. Remedy: group more finely, add images of other groups, or "
                + "leave out val or test (a share of 0)")
        #expect(
            message(Self.items([5, 5]), [Array(0..<4), Array(4..<10)])
                == "10 images in 2 sets of copies, or pictures of one subject, cannot be divided among 3 "
                + "parts: a set stays on one side, expected 3 sets or more. Remedy: add other pictures, or "
                + "leave out val or test (a share of 0)")
        #expect(
            message([])
                == "0 images cannot be divided among 3 parts: expected 3 images or more. Remedy: add images, "
                + "or leave out val or test (a share of 0)")
        #expect(
            message(Self.items([5, 5, 5])) == "the label of 2/0.png is 2: expected 0 or more and below 2")
        #expect(
            message(Self.items([5, 5]), [[0, 10]])
                == "an image to keep together is 10: expected 0 or more and below 10")
    }
}
