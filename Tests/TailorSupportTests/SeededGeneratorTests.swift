import TailorSupport
import TestSupport
import Testing

@Suite struct SeededGeneratorTests {
    @Test func splitMixGivesItsAuthorsNumbers() {
        var generator = SplitMix64(state: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        let generatorNumbers = (0..<5).map { _ in generator.next() }
        #expect(generatorNumbers == expected)
    }

    @Test func xoshiroGivesItsAuthorsNumbers() {
        var generator = SeededGenerator(state: (1, 2, 3, 4))
        let expected: [UInt64] = [
            11520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360,
            607_988_272_756_665_600, 16_172_922_978_634_559_625, 8_476_171_486_693_032_832,
            10_595_114_339_597_558_777, 2_904_607_092_377_533_576,
        ]
        let generatorNumbers = (0..<10).map { _ in generator.next() }
        #expect(generatorNumbers == expected)
    }

    /// What runs recorded earlier depend on: these may never change.
    @Test func fixedValues() {
        var plain = SeededGenerator(seed: 1)
        #expect(
            (0..<3).map { _ in plain.next() } == [
                12_966_619_160_104_079_557, 9_600_361_134_598_540_522, 10_590_380_919_521_690_900,
            ])
        var placed = SeededGenerator(seed: 1, streams: 2, 3)
        #expect(
            (0..<3).map { _ in placed.next() } == [
                2_603_365_766_222_848_809, 5_325_003_366_615_184_243, 16_425_534_354_324_181_478,
            ])
        var numbers = Array(0..<10)
        var shuffler = SeededGenerator(seed: 7)
        shuffler.shuffle(&numbers)
        #expect(numbers == [1, 8, 3, 0, 4, 5, 9, 6, 2, 7])
    }

    @Test func streamsAreApart() {
        func first(_ seed: UInt64, _ streams: [UInt64]) -> UInt64 {
            var generator = SeededGenerator(seed: seed, streams: streams)
            return generator.next()
        }
        var seen: Set<UInt64> = []
        var drawn = 0
        for seed in UInt64(0)..<4 {
            var places: [[UInt64]] = [[], [0], [0, 0], [0, 0, 0]]
            for epoch in UInt64(1)..<20 { for index in UInt64(1)..<20 { places.append([epoch, index]) } }
            for place in places {
                seen.insert(first(seed, place))
                drawn += 1
            }
        }
        #expect(seen.count == drawn)
        #expect(first(9, []) == first(9, []))
        var plain = SeededGenerator(seed: 9)
        let number = plain.next()
        #expect(first(9, []) == number)
    }

    @Test func aCopyContinuesOnItsOwn() {
        var one = SeededGenerator(seed: 3)
        _ = one.next()
        var two = one
        let (ones, twos) = ([one.next(), one.next()], [two.next(), two.next()])
        #expect(ones == twos)
    }

    @Test func rangesHold() {
        var generator = SeededGenerator(seed: 11)
        var counts = [Int](repeating: 0, count: 7)
        var sum = 0.0
        for _ in 0..<70_000 {
            counts[generator.integer(below: 7)] += 1
            let value = generator.uniform(-2...3)
            #expect(value >= -2 && value <= 3)
            sum += value
        }
        // Seven standard deviations of a count, and of the mean.
        for count in counts { #expect(abs(count - 10_000) < 650) }
        expectClose(sum / 70_000, 0.5, absolute: 0.04)
        let degenerate = [1, 0, -5].map { generator.integer(below: $0) }
        #expect(degenerate == [0, 0, 0])
        let point = generator.uniform(2...2)
        #expect(point == 2)
    }

    @Test func chanceAtItsEnds() {
        var generator = SeededGenerator(seed: 5)
        let never = (0..<100).map { _ in generator.chance(0) }
        let always = (0..<100).map { _ in generator.chance(1) }
        #expect(never == [Bool](repeating: false, count: 100))
        #expect(always == [Bool](repeating: true, count: 100))
    }
}
