import Foundation
import TailorDatasets
import TestSupport
import Testing

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
        expectClose(
            Balance.balancedClassWeights([493, 1082]), [1575 / 986.0, 1575 / 2164.0], absolute: 1e-12)
        #expect(Balance.balancedClassWeights([5, 5, 5]) == [1, 1, 1])
        #expect(Balance.balancedClassWeights([2, 0]) == [0.5, 0])
        #expect(Balance.balancedClassWeights([]) == [])
        // 1/√n in the ratio 3 : 1, scaled so that (3 · 10 + 1 · 90) / 100 becomes 1.
        expectClose(Balance.moderateClassWeights([10, 90]), [2.5, 2.5 / 3], absolute: 1e-12)
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
