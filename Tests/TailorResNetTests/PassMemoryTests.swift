import Tailor
import Testing

/// What a pass is said to hold, beside what libtorch's allocator counts.
@Suite struct PassMemoryTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var images = 4
        var imageSize = 96
        /// First stage that records gradients; nil: none does.
        var first: ResNet18.Stage?
        var statistics = ResNet18.NormStatistics.running
        var autocast: DType?

        var testDescription: String {
            "\(images) of \(imageSize) pixels from \(first.map(\.rawValue) ?? "none"), \(statistics), "
                + (autocast == nil ? "fp32" : "bf16")
        }

        var said: Int {
            PassMemory(
                images: images, imageSize: imageSize, classCount: 3, trainableFrom: first,
                statistics: statistics, autocast: autocast
            ).peak
        }

        /// The pass itself, counted.
        func counted() throws -> Int {
            let model = try ResNet18(classCount: 3, seed: 1)
            return try MemoryWatch.peak {
                let pixels = [Float](repeating: 0.5, count: images * 3 * imageSize * imageSize)
                let batch = try pixels.withUnsafeBufferPointer {
                    try Tensor.images($0, count: images, height: imageSize, width: imageSize)
                }
                guard let first else {
                    try withAutocast(autocast, device: .cpu) {
                        _ =
                            statistics == .batch
                            ? try model.updateRunningStatistics(batch, momentum: 0.1)
                            : try model.logits(batch, trainableFrom: nil)
                    }
                    return
                }
                let logits = try withAutocast(autocast, device: .cpu) {
                    try model.logits(batch, trainableFrom: first, statistics: statistics)
                }
                let targets = try Tensor((0..<images).map { Int64($0 % 3) }, shape: [images])
                try crossEntropy(logits.to(.float32), targets: targets).backward()
            }
        }
    }

    @Test(arguments: [
        Case(), Case(images: 8, imageSize: 224), Case(images: 8, statistics: .batch), Case(first: .head),
        Case(first: .layer4), Case(first: .layer4, statistics: .batch), Case(first: .layer3),
        Case(first: .layer1), Case(first: .stem), Case(first: .stem, statistics: .batch),
        Case(images: 4, imageSize: 127, first: .stem),
        Case(images: 8, imageSize: 160, first: .stem, statistics: .batch),
    ])
    func fp32(_ pass: Case) throws {
        let counted = try pass.counted()
        #expect(abs(Double(pass.said) / Double(counted) - 1) < 0.02, "\(pass.said), counted \(counted)")
    }

    /// Under autocast within half a megabyte and a tenth: processors without bf16 convert in other places.
    @Test(arguments: [
        Case(autocast: .bfloat16), Case(first: .stem, autocast: .bfloat16),
        Case(first: .layer3, autocast: .bfloat16),
        Case(images: 8, first: .stem, statistics: .batch, autocast: .bfloat16),
    ])
    func bf16(_ pass: Case) throws {
        let counted = try pass.counted()
        let limit = 500_000 + counted / 10
        #expect(abs(pass.said - counted) < limit, "\(pass.said), counted \(counted)")
    }

    @Test func sizesOfTheNetwork() throws {
        for classes in [2, 7] {
            let model = try ResNet18(classCount: classes, seed: 1)
            for first in ResNet18.Stage.allCases {
                let count = model.parameters.filter { $0.stage >= first }.reduce(0) { $0 + $1.tensor.count }
                #expect(ResNet18.parameterCount(from: first, classCount: classes) == count)
            }
            let state = model.stateDictionary().filter { $0.1.dtype == .float32 }
            #expect(ResNet18.stateBytes(classCount: classes) == 4 * state.reduce(0) { $0 + $1.1.count })
        }
    }
}
