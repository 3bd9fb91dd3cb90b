import Foundation
import TailorResNet
import TailorTensors
import TestSupport
import Testing

/// The network against torchvision's with the same weights, everything in float32.
@Suite(.serialized) struct ResNet18Tests {
    let golden: Golden.Network
    let model: ResNet18

    init() throws {
        golden = try Golden.network()
        var weights = try #require(try PretrainedWeights.load(.bundled) { _ in }).tensors
        weights["fc.weight"] = try wave([10, 512]) * (1 / 16)
        weights["fc.bias"] = try wave([10])
        model = try ResNet18(classCount: 10, seed: 0)
        try model.load(weights, replacingHead: false)
    }

    @Test func namesOrderAndShapesAreTorchvisions() {
        #expect(model.stateDictionary().map { Golden.Name($0.0, $0.1.shape) } == golden.names)
        #expect(model.parameters.map(\.name) == golden.parameters)
        #expect(model.parameters.count + model.buffers.count == golden.names.count)
        #expect(model.buffers.filter { $0.tensor.dtype == .int64 }.count == 20)
        let prefixes: [ResNet18.Stage: [String]] = [
            .stem: ["conv1.", "bn1."], .layer1: ["layer1."], .layer2: ["layer2."], .layer3: ["layer3."],
            .layer4: ["layer4."], .head: ["fc."],
        ]
        for entry in model.parameters + model.buffers {
            #expect(prefixes[entry.stage, default: []].contains { entry.name.hasPrefix($0) }, "\(entry.name)")
        }
    }

    @Test func stagesAreOrderedByDepth() {
        #expect(ResNet18.Stage.allCases == ResNet18.Stage.allCases.sorted())
        #expect(ResNet18.Stage.stem < .layer1 && ResNet18.Stage.layer4 < .head)
    }

    @Test func logitsMatch() throws {
        for (shape, expected) in [([2, 3, 64, 64], golden.logits64), ([1, 3, 224, 224], golden.logits224)] {
            let images = try wave(shape)
            for images in [images, try images.channelsLast()] {
                let logits = try model.logits(images, trainableFrom: nil)
                #expect(logits.shape == [shape[0], 10])
                #expect(!logits.requiresGradient)
                expectClose(try doubles(logits), expected, absolute: 1e-4, "logits of \(shape)")
            }
            let features = try model.features(images)
            #expect(features.shape == [shape[0], ResNet18.featureCount])
            expectClose(
                try doubles(model.classify(features: features)), expected, absolute: 1e-4, "head on features")
        }
    }

    @Test func gradientsAndStatisticsOfAStepMatch() throws {
        try checkStep(golden.all, trainableFrom: .stem)
    }

    @Test func frozenStagesKeepStatisticsAndTakeNoGradients() throws {
        let before = try model.buffers.map { try $0.tensor.rawBytes() }
        try checkStep(golden.layer4, trainableFrom: .layer4)
        for (entry, bytes) in zip(model.buffers, before) {
            #expect(try (entry.tensor.rawBytes() == bytes) == (entry.stage < .layer4), "\(entry.name)")
        }
        for entry in model.parameters {
            #expect((entry.tensor.gradient == nil) == (entry.stage < .layer4), "\(entry.name)")
        }
    }

    /// Folded into the convolutions or not, frozen statistics give PyTorch's gradients, and its next network.
    @Test func aStepByTheRunningStatisticsMatches() throws {
        let before = try model.buffers.map { try $0.tensor.rawBytes() }
        try checkStep(golden.frozen, trainableFrom: .stem, statistics: .running)
        #expect(try model.buffers.map { try $0.tensor.rawBytes() } == before)
        let optimizer = try AdamW(
            groups: [
                ParameterGroup(
                    name: "all", parameters: model.parameters.map { (name: $0.name, tensor: $0.tensor) },
                    learningRate: 1e-3, weightDecay: 0.01)
            ])
        try optimizer.step()
        #expect(golden.frozen.stepped.count == model.parameters.count)
        for entry in model.parameters {
            expectClose(
                try doubles(entry.tensor), try #require(golden.frozen.stepped[entry.name]), relative: 1e-3,
                entry.name)
        }
    }

    private func checkStep(
        _ expected: Golden.Step, trainableFrom stage: ResNet18.Stage,
        statistics: ResNet18.NormStatistics = .batch
    ) throws {
        let logits = try model.logits(
            wave([2, 3, 64, 64]), trainableFrom: stage, statistics: statistics)
        let loss = try crossEntropy(logits, targets: Tensor(golden.targets, shape: [2]))
        try loss.backward()
        expectClose(try loss.item(), expected.loss, absolute: 1e-4, "loss")
        let learned = model.parameters.filter { $0.tensor.gradient != nil }
        #expect(learned.map(\.name).sorted() == expected.gradients.keys.sorted())
        for entry in learned {
            let gradient = try doubles(#require(entry.tensor.gradient))
            expectClose(gradient, try #require(expected.gradients[entry.name]), relative: 1e-3, entry.name)
            if let full = expected.full[entry.name] {
                let norm = try #require(expected.gradients[entry.name]).norm
                expectClose(gradient, full, absolute: 1e-3 * norm, "gradient of \(entry.name)")
            }
        }
        #expect(model.buffers.count == expected.buffers.count)
        for entry in model.buffers {
            expectClose(
                try doubles(entry.tensor), try #require(expected.buffers[entry.name]), relative: 1e-5,
                entry.name)
        }
    }

    @Test func onlyTheHeadLearnsWhenTrainableFromHead() throws {
        let logits = try model.logits(wave([1, 3, 64, 64]), trainableFrom: .head)
        try crossEntropy(logits, targets: Tensor([Int64(0)], shape: [1])).backward()
        #expect(
            model.parameters.filter { $0.tensor.gradient != nil }.map(\.name) == ["fc.weight", "fc.bias"])
        expectClose(
            try doubles(logits), try doubles(model.logits(wave([1, 3, 64, 64]), trainableFrom: nil)),
            absolute: 1e-5, "logits")
    }

    @Test func runningStatisticsCanBeResetAndMoved() throws {
        try model.resetRunningStatistics()
        for entry in model.buffers {
            let expected = entry.name.hasSuffix("running_var") ? 1.0 : 0
            #expect(try doubles(entry.tensor).allSatisfy { $0 == expected }, "\(entry.name)")
        }
        let weights = try model.parameters.map { try $0.tensor.rawBytes() }
        let features = try model.updateRunningStatistics(wave([2, 3, 64, 64]), momentum: 1)
        #expect(features.shape == [2, 512] && !features.requiresGradient)
        #expect(try model.parameters.map { try $0.tensor.rawBytes() } == weights)
        #expect(
            try model.buffers.filter { $0.tensor.dtype == .int64 }.allSatisfy { try $0.tensor.item() == 1 })
    }

    @Test func oneValueAChannelCannotTrain() throws {
        // Batch normalisation of a single value has no variance: an error, not infinite statistics.
        #expect(throws: TensorError.self) {
            try model.logits(wave([1, 3, 32, 32]), trainableFrom: .stem)
        }
    }
}

/// Random networks.
@Suite struct InitializationTests {
    @Test func isTorchvisions() throws {
        let model = try ResNet18(classCount: 5, seed: 7)
        let golden = try Golden.network().initial
        #expect(model.stateDictionary().count == golden.count)
        for (name, tensor) in model.stateDictionary() {
            expectClose(try doubles(tensor), try #require(golden[name]), relative: 1e-5, name)
        }
    }

    @Test func followsTheSeed() throws {
        func bytes(_ seed: UInt64) throws -> [Data] {
            try ResNet18(classCount: 2, seed: seed).stateDictionary().map { try $0.1.rawBytes() }
        }
        let first = try bytes(1)
        #expect(try bytes(1) == first)
        #expect(try bytes(2) != first)
    }

    @Test func parametersLearnAndConvolutionsAreChannelsLast() throws {
        let model = try ResNet18(classCount: 2, seed: 0)
        #expect(model.parameters.allSatisfy { $0.tensor.requiresGradient })
        #expect(!model.buffers.contains { $0.tensor.requiresGradient })
        for entry in model.parameters where entry.tensor.shape.count == 4 && entry.tensor.shape[1] > 1 {
            #expect(entry.tensor.isChannelsLast, "\(entry.name)")
        }
    }

    @Test func headsAreCheckedAndReplaced() throws {
        #expect(throws: HeadError(expected: "at least 1 class", got: "0")) {
            try ResNet18(classCount: 0, seed: 0)
        }
        let model = try ResNet18(classCount: 3, seed: 0)
        #expect(throws: HeadError.self) { try model.resetHead(classCount: -1, seed: 0) }
        try model.resetHead(classCount: 4, seed: 1)
        #expect(model.classCount == 4)
        #expect(try model.logits(wave([1, 3, 32, 32]), trainableFrom: nil).shape == [1, 4])
        #expect(model.parameters.filter { $0.stage == .head }.allSatisfy { $0.tensor.requiresGradient })
        // Copying would broadcast a head for one class over all.
        #expect(throws: HeadError(expected: "[4, 512] and [4]", got: "[1, 512] and [1]")) {
            try model.setHead(weight: .zeros([1, 512]), bias: .zeros([1]))
        }
        try model.setHead(weight: .zeros([4, 512]), bias: Tensor([1, 2, 3, 4], shape: [4]))
        #expect(try model.classify(features: .ones([1, 512])).floats() == [1, 2, 3, 4])
    }
}
