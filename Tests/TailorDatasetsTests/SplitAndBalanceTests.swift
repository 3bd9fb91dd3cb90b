import Foundation
import TailorDatasets
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

    @Test func unrelatedChangesMoveNothing() throws {
        let before = try stratifiedSplit(Self.samples([50, 50]), validationShare: 0.2, seed: 3)
        // Another class and no first image: the validation sets share all but what the count changes.
        let changed = Self.samples([50, 50, 20]).filter { $0.relativePath != before.train[0].relativePath }
        let after = try stratifiedSplit(changed.reversed(), validationShare: 0.2, seed: 3)
        #expect(Set(after.validation.filter { $0.label < 2 }) == Set(before.validation))
    }
}

@Suite struct EpochSamplerTests {
    private let labels = [0, 0, 0, 0, 0, 1, 1, 2]

    @Test func eachOnceInAnotherOrderEachEpoch() {
        let sampler = EpochSampler(labels: labels, seed: 1)
        let orders = (0..<20).map { sampler.order(epoch: $0) }
        for order in orders { #expect(order.sorted() == Array(0..<8)) }
        #expect(Set(orders).count == 20)
        #expect(sampler.order(epoch: 4) == orders[4])
        #expect(EpochSampler(labels: labels, seed: 2).order(epoch: 4) != orders[4])
        #expect(sampler.count == 8)
    }

    @Test func oversamplingBalancesAndSparesNoSample() {
        let sampler = EpochSampler(labels: labels, strategy: .oversampled, seed: 1)
        for epoch in 0..<5 {
            let order = sampler.order(epoch: epoch)
            #expect(order.count == 15)
            var times = [Int](repeating: 0, count: 8)
            for index in order { times[index] += 1 }
            #expect(times[..<5] == [1, 1, 1, 1, 1])
            #expect(times[5...6].sorted() == [2, 3])
            #expect(times[7] == 5)
        }
        #expect(sampler.count == 15)
        #expect(sampler.order(epoch: 0) != sampler.order(epoch: 1))
        #expect(sampler.order(epoch: 1) == sampler.order(epoch: 1))
    }

    @Test func nothingAndInOrder() {
        for strategy in EpochSampler.Strategy.allCases {
            let sampler = EpochSampler(labels: [], strategy: strategy, seed: 1)
            #expect(sampler.order(epoch: 0) == [])
            #expect(sampler.count == 0)
        }
        #expect(
            EpochSampler(labels: [1, 0, 1], strategy: .sequential, seed: 1).order(epoch: 9) == [0, 1, 2])
    }
}

@Suite struct BalanceTests {
    private let classes = ClassList(names: ["defective", "functional", "a,b=c"])

    /// scikit-learn's compute_class_weight("balanced") of 493 and 1082: 1.597363…, 0.727819….
    @Test func automaticWeights() {
        let weights = Balance.balancedClassWeights([493, 1082])
        #expect(abs(weights[0] - 1575 / 986.0) < 1e-12)
        #expect(abs(weights[1] - 1575 / 2164.0) < 1e-12)
        #expect(Balance.balancedClassWeights([5, 5, 5]) == [1, 1, 1])
        #expect(Balance.balancedClassWeights([2, 0]) == [0.5, 0])
        #expect(Balance.balancedClassWeights([]) == [])
        // 1/√n in the ratio 3 : 1, scaled so that (3 · 10 + 1 · 90) / 100 becomes 1.
        let moderate = Balance.moderateClassWeights([10, 90])
        #expect(abs(moderate[0] - 2.5) < 1e-12 && abs(moderate[1] - 2.5 / 3) < 1e-12)
        #expect(Balance.moderateClassWeights([4, 0]) == [1, 0])
        #expect(Balance.moderateClassWeights([]) == [])
    }

    @Test(arguments: [
        "functional=1,defective=5,\"a,b=c=0.5\"", "\"a,b=c=.5\", defective = 5,functional=1.0 ",
    ])
    func weightsByName(text: String) throws {
        #expect(try Balance.classWeights(parsing: text, classes: classes) == [5, 1, 0.5])
    }

    @Test(arguments: [
        (
            "functional=1,scratch=5",
            "class weights: no class is named \"scratch\" (the classes are defective, functional)"
        ),
        ("functional=1", "class weights: none given for defective; every class needs one"),
        ("functional=1,functional=2,defective=1", "class weights: functional is given twice"),
        ("functional=0,defective=1", "class weights: expected a number above 0 for functional, got \"0\""),
        (
            "functional=nan,defective=1",
            "class weights: expected a number above 0 for functional, got \"nan\""
        ),
        (
            "functional=1;defective=5",
            "class weights: no class is named \"functional=1;defective\" (the classes are defective, functional)"
        ),
        ("1,5", "class weights: expected name=weight,name=weight, got \"1\""),
        ("", "class weights: expected name=weight,name=weight, got \"\""),
        ("a=1\nb=2", "class weights: expected name=weight,name=weight, got \"a=1\\nb=2\""),
    ])
    func weightsThatCannotBeUsed(text: String, expected: String) {
        let classes = ClassList(names: ["defective", "functional"])
        let error = #expect(throws: ClassWeightsError.self) {
            try Balance.classWeights(parsing: text, classes: classes)
        }
        #expect(error?.description == expected)
    }
}

@Suite struct FingerprintTests {
    static func image(_ path: String, _ sha: String = String(repeating: "0", count: 64)) -> ScreenedImage {
        ScreenedImage(
            sample: Sample(root: "/d", relativePath: path, label: 0), width: 1, height: 1, fileBytes: 1,
            format: .png,
            sha256: sha, pixelHash: sha)
    }

    /// By Python's hashlib, from the definition.
    @Test func fixedValue() throws {
        let classes = ClassList(names: ["a", "b"])
        let train = [Self.image("a/1.png"), Self.image("b/1.png")]
        let fingerprint = try DatasetFingerprint(
            train: train, validation: [Self.image("a/2.png")], classes: classes)
        #expect(
            fingerprint.classes.sha256 == "fb2961bbab48852b5fc69e54649e63612ed02ad1907dc91d9c70a0a04517092a")
        #expect(
            fingerprint.train.sha256 == "6afdeabdb050aeea59682ded47a01e49985562e04a68f9381cdcac27e8ae4f3c")
        #expect(
            fingerprint.validation.sha256
                == "cf1d951c25dd6fb87ed96b176575e2771d4b40c4def1dddbf5e109a03e882287")
        #expect(fingerprint.sha256 == "8a71ba9e23d9b014d9fa4f5ad3c1af36e7722a8f398d565cab23ddfb280f31a6")
        let turned = try DatasetFingerprint(
            train: train.reversed(), validation: [Self.image("a/2.png")], classes: classes)
        #expect(turned == fingerprint)
        #expect(turned.differences(from: fingerprint) == [])
    }

    @Test func saysWhatChanged() throws {
        let classes = ClassList(names: ["a", "b"])
        let train = [Self.image("a/1.png"), Self.image("b/1.png")]
        let before = try DatasetFingerprint(train: train, validation: train, classes: classes)
        let after = try DatasetFingerprint(
            train: [train[0], Self.image("b/1.png", String(repeating: "1", count: 64))],
            validation: [train[0]],
            classes: ClassList(names: ["a", "b", "c"]))
        #expect(
            after.differences(from: before) == [
                "classes (2 then, 3 now)", "training set (2 images as before, but not the same files)",
                "validation set (2 images then, 1 now)",
            ])
        #expect(after.sha256 != before.sha256)
    }
}
