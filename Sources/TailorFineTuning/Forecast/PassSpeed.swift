import Foundation
import TailorResNet
import TailorSupport
import TailorTensors

/// Time that work on a batch takes: a share for each image, and what every call takes however few there are.
public struct PassSpeed: Codable, Sendable, Hashable {
    public var secondsPerImage: Double
    public var secondsPerCall: Double

    public init(secondsPerImage: Double, secondsPerCall: Double = 0) {
        self.secondsPerImage = secondsPerImage
        self.secondsPerCall = secondsPerCall
    }

    /// Seconds for one call.
    public func seconds(images: Int) -> Double { secondsPerCall + secondsPerImage * Double(images) }

    /// Whether these are times.
    var isValid: Bool {
        secondsPerImage.isFinite && secondsPerImage > 0 && secondsPerCall.isFinite && secondsPerCall >= 0
    }
}

/// Work of the network whose time is measured.
public enum MeasuredPass: Codable, Sendable, Hashable {
    /// Evaluation: forward by the running statistics.
    case forward(imageSize: Int)
    /// Forward by the batch's statistics, which replace the running ones.
    case statistics(imageSize: Int)
    /// A whole step of the optimiser.
    case step(from: ResNet18.Stage, imageSize: Int)
}

/// Measures passes of a network of random weights, which takes as long as any other, on made images.
struct PassTimer {
    let recipe: Recipe
    let precision: TrainingPrecision
    let device: Device
    let classCount: Int
    let statistics: BatchNormStatistics

    /// Images of the short calls.
    private static let fewImages = 4
    /// Seconds that the longer call may take.
    private static let longCall = 0.7
    private static let repetitions = 3

    /// Times one kind of pass.
    ///
    /// - Parameter batchSize: images of a call in the run; fewer are measured where that would take too long.
    func time(_ pass: MeasuredPass, batchSize: Int) throws -> PassSpeed {
        let work = try work(for: pass)
        let few = min(Self.fewImages, batchSize)
        try work(few)
        let short = try median { try work(few) }
        let perImage = short / Double(few)
        let many = min(batchSize, max(2 * few, Int(min(Self.longCall / perImage, 1e6))))
        guard many > few else { return PassSpeed(secondsPerImage: perImage) }
        try work(many)
        let long = try median { try work(many) }
        let slope = (long - short) / Double(many - few)
        // Noise may turn the order round.
        guard slope > 0, case let rest = short - slope * Double(few), rest >= 0 else {
            return PassSpeed(secondsPerImage: long / Double(many))
        }
        return PassSpeed(secondsPerImage: slope, secondsPerCall: rest)
    }

    private func median(of body: () throws -> Void) rethrows -> Double {
        var times: [Double] = []
        for _ in 0..<Self.repetitions {
            let started = ContinuousClock.now
            try body()
            times.append((ContinuousClock.now - started).seconds)
        }
        return times.sorted()[Self.repetitions / 2]
    }

    private func work(for pass: MeasuredPass) throws -> (Int) throws -> Void {
        let model = try ResNet18(classCount: classCount, seed: 1)
        try model.move(to: device)
        let autocast = precision.autocastType
        func images(_ count: Int, _ size: Int) throws -> Tensor {
            let pixels = [Float](repeating: 0.5, count: count * size * size * 3)
            return try pixels.withUnsafeBufferPointer {
                try Tensor.images($0, count: count, height: size, width: size)
            }
        }
        switch pass {
        case .forward(let size):
            return { count in
                _ = try withAutocast(autocast, device: device) {
                    try model.logits(images(count, size).to(device), trainableFrom: nil)
                }
                try TorchRuntime.synchronize(device)
            }
        case .statistics(let size):
            return { count in
                _ = try withAutocast(autocast, device: device) {
                    try model.updateRunningStatistics(images(count, size).to(device), momentum: 0.1)
                }
                try TorchRuntime.synchronize(device)
            }
        case .step(let first, let size):
            var recipe = recipe
            recipe.batchNorm = statistics
            recipe.labelSmoothing = 0.1
            let fitting = try Fitting(
                recipe, of: model,
                resources: Fitting.Resources(
                    device: device, autocast: autocast, classWeights: nil, classWeightsTensor: nil,
                    scalesGradients: precision == .float16),
                microBatchSize: .max)
            return { count in
                let labels = (0..<count).map { Int64($0 % classCount) }
                _ = try fitting.step(
                    LabelledImages(labels: labels, imageSize: size) { try images(count, size) },
                    trainableFrom: first, factor: 1e-6, step: 1)
                try TorchRuntime.synchronize(device)
            }
        }
    }
}
