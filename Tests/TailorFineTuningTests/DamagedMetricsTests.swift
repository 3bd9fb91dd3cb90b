import Foundation
import Tailor
import TailorFineTuning
import TailorReports
import TailorSupport
import TestSupport
import Testing

/// `metrics.csv` of a run that someone else has edited: the report is drawn from what is left.
@Suite struct DamagedMetricsTests {
    @Test func epochsInAnyOrder() throws {
        let images = try MadeImages(train: 4, validation: 2, test: 0)
        _ = try train(images, .tiny(phases: [Phase(trainableFrom: .stem, epochs: 2)]), into: "a")
        let folder = images.run("a")
        let lines = try String(contentsOf: folder.metrics, encoding: .utf8).lines
        let epochs = Array(lines.dropFirst())
        #expect(epochs.count == 2)
        let last = try #require(epochs.last)
        let farAway = "\(Int.max)" + last.dropFirst()
        let text = ([lines[0]] + epochs.reversed() + [farAway]).joined(separator: "\n") + "\n"
        try (Data(text.utf8) + [0xFF]).write(to: folder.metrics)
        #expect(try EpochRecord.history(from: folder.metrics).map(\.epoch) == [2, 1])
        try RunReport.write(for: folder)
    }
}
