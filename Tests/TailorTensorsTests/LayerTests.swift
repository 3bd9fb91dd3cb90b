import TailorTensors
import Testing

extension TensorLayer {
    /// Outputs and gradients against PyTorch's.
    @Suite struct Layers {
        /// Runs `forward` on leaves, back-propagates the golden upstream gradient, compares everything.
        func compare(
            _ name: String, leaves names: [String], channelsLast: Bool = false, golden: Golden? = nil,
            _ forward: ([Tensor]) throws -> Tensor
        ) throws {
            let golden = try golden ?? Golden("layers")
            let leaves = try names.map { try golden.leaf("\(name).\($0)", channelsLast: channelsLast) }
            let y = try forward(leaves)
            try expectClose(y, golden["\(name).y"], "\(name).y")
            try y.multiplied(by: golden["\(name).upstream"]).sum().backward()
            for (leaf, leafName) in zip(leaves, names) {
                let gradientName = "\(name).\(leafName).grad"
                try expectClose(leaf.gradient, golden[gradientName], gradientName)
            }
        }

        @Test(arguments: [("conv3", 2, 1), ("conv7", 2, 3), ("conv1", 2, 0)], [false, true])
        func convolution(_ example: (name: String, stride: Int, padding: Int), channelsLast: Bool) throws {
            try compare(example.name, leaves: ["x", "weight", "bias"], channelsLast: channelsLast) {
                let y = try conv2d(
                    $0[0], weight: $0[1], bias: $0[2], stride: example.stride, padding: example.padding)
                if channelsLast { #expect(y.isChannelsLast) }
                return y
            }
        }

        @Test(arguments: [false, true])
        func batchNormalisationInTraining(channelsLast: Bool) throws {
            let golden = try Golden("layers")
            let mean = try golden["bn_train.mean_before"].clone()
            let variance = try golden["bn_train.variance_before"].clone()
            try compare(
                "bn_train", leaves: ["x", "weight", "bias"], channelsLast: channelsLast, golden: golden
            ) {
                try batchNorm(
                    $0[0], weight: $0[1], bias: $0[2], runningMean: mean, runningVariance: variance,
                    training: true)
            }
            try expectClose(mean, golden["bn_train.mean_after"], "running mean")
            try expectClose(variance, golden["bn_train.variance_after"], "running variance")
        }

        @Test func batchNormalisationInEvaluationLeavesTheStatisticsAlone() throws {
            let golden = try Golden("layers")
            let mean = try golden["bn_eval.mean_before"].clone()
            let variance = try golden["bn_eval.variance_before"].clone()
            try compare("bn_eval", leaves: ["x", "weight", "bias"], golden: golden) {
                try batchNorm(
                    $0[0], weight: $0[1], bias: $0[2], runningMean: mean, runningVariance: variance,
                    training: false)
            }
            #expect(try mean.floats() == golden["bn_eval.mean_before"].floats())
            #expect(try variance.floats() == golden["bn_eval.variance_before"].floats())
        }

        @Test(arguments: [false, true])
        func pooling(channelsLast: Bool) throws {
            try compare("max_pool", leaves: ["x"], channelsLast: channelsLast) {
                try maxPool2d($0[0], kernelSize: 3, stride: 2, padding: 1)
            }
            try compare("average_pool", leaves: ["x"], channelsLast: channelsLast) {
                try globalAveragePool($0[0])
            }
        }

        @Test func linearLayer() throws {
            try compare("linear", leaves: ["x", "weight", "bias"]) {
                try linear($0[0], weight: $0[1], bias: $0[2])
            }
        }

        @Test func softmaxLogSoftmaxAndVariance() throws {
            try compare("softmax", leaves: ["x"]) { try $0[0].softmax(1) }
            try compare("log_softmax", leaves: ["x"]) { try $0[0].logSoftmax(1) }
            try compare("variance", leaves: ["x"]) { try $0[0].variance([1]) }
        }

        @Test(arguments: [
            ("plain", false, 0.0), ("weighted", true, 0.0), ("smoothed", false, 0.1), ("both", true, 0.1),
        ])
        func crossEntropyWeightedAndSmoothed(_ example: (name: String, weighted: Bool, smoothing: Double))
            throws
        {
            let golden = try Golden("layers")
            let logits = try golden.leaf("ce.logits")
            let loss = try crossEntropy(
                logits, targets: golden["ce.targets"],
                classWeights: example.weighted ? golden["ce.weights"] : nil,
                labelSmoothing: example.smoothing)
            try loss.backward()
            try expectClose(loss, golden["ce.\(example.name).loss"], "loss")
            try expectClose(logits.gradient, golden["ce.\(example.name).grad"], "gradient")
        }
    }
}
