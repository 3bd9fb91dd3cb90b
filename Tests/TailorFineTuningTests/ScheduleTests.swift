import Foundation
import Tailor
import TestSupport
import Testing

struct ScheduleTests {
    struct Golden: Decodable {
        struct Case: Decodable {
            let name: String
            let warmup: Int
            let start: Double
            let period: Int
            let rates: [Double]
        }
        let cases: [Case]
    }

    @Test func everyStepEqualsPyTorch() throws {
        let golden = try GoldenFiles(.module).json(Golden.self, from: "schedule.json")
        #expect(golden.cases.count == 3)
        for item in golden.cases {
            // One step an epoch, so that epochs are steps.
            let schedule = Schedule(
                warmupEpochs: Double(item.warmup), warmupStart: item.start, cosineEpochs: Double(item.period))
            #expect(item.rates.count > 10)
            let factors = item.rates.indices.map {
                schedule.factor(step: $0, stepsPerEpoch: 1, totalEpochs: Double(item.rates.count))
            }
            expectClose(factors, item.rates, absolute: 1e-9, item.name)
        }
    }

    @Test func warmUpRisesFromTheFirstStepAndTheCosineEndsNearZero() {
        let schedule = Schedule(warmupEpochs: 0.5)
        let factors = (0..<40).map { schedule.factor(step: $0, stepsPerEpoch: 10, totalEpochs: 4) }
        expectClose(factors[0], 1.0 / 6, absolute: 1e-12)
        #expect(factors[5] == 1)
        #expect(zip(factors[5...], factors[6...]).allSatisfy { $0 > $1 })
        #expect(factors[39] < 0.01)
    }
}
