import Foundation
import TailorImages
import TailorInference
import TailorModelFile

/// How long one picture takes, the model loaded and the picture resized.
enum Latency {
    private static let warmUp = 5
    private static let runs = 30

    /// Median milliseconds of each file, taking turns so that other work on the machine meets all alike.
    static func medians(_ files: [ModelFile], threads: Int) throws -> [Double] {
        let classifiers = try files.map {
            try Classifier($0, options: .init(threads: threads, precision: .float32, cacheFolder: nil))
        }
        guard let side = files.first?.description.preprocessing.imageSize else { return [] }
        let picture = try RGBImage(width: side, height: side, red: 120, green: 130, blue: 140)
        var times = [[Double]](repeating: [], count: files.count)
        for run in 0..<warmUp + runs {
            for (index, classifier) in classifiers.enumerated() {
                let start = ContinuousClock.now
                _ = try classifier.logits(picture)
                let elapsed = ContinuousClock.now - start
                guard run >= warmUp else { continue }
                times[index].append(
                    Double(elapsed.components.seconds) * 1e3 + Double(elapsed.components.attoseconds) * 1e-15)
            }
        }
        return times.map { $0.sorted()[$0.count / 2] }
    }
}
