import TailorTensors
import TestSupport
import Testing

extension TensorLayer {
    @Suite struct Scaling {
        /// w = [1, −2]; loss = 3·w₀ + 0.5·w₁, so the gradient is [3, 0.5]; rate 0.1, weight decay 0.2.
        func setup() throws -> (Tensor, SGD, () throws -> Tensor) {
            let weight = try Tensor([1, -2], shape: [2])
            try weight.setRequiresGradient()
            let optimizer = try SGD(groups: [
                ParameterGroup(
                    name: "all", parameters: [("w", weight)], learningRate: 0.1, weightDecay: 0.2)
            ])
            return (weight, optimizer, { try (weight * Tensor([3, 0.5], shape: [2])).sum() })
        }

        @Test func oneStepIsTheUnscaledStepTakenOnce() throws {
            let (weight, optimizer, loss) = try setup()
            let scaler = GradientScaler(initialScale: 1024)
            try scaler.scale(loss()).backward()
            #expect(try weight.gradient?.floats() == [3072, 512])
            #expect(try scaler.step(optimizer))
            try scaler.update()
            #expect(try weight.gradient?.floats() == [3, 0.5])
            // 1 − 0.1·(3 + 0.2·1) = 0.68; −2 − 0.1·(0.5 − 0.2·2) = −2.01
            try expectClose(weight, Tensor([0.68, -2.01], shape: [2]), relative: 1e-6, absolute: 0)
            #expect(scaler.state == .init(scale: 1024, goodSteps: 1))
        }

        @Test(arguments: [Double.infinity, .nan])
        func aStepThatIsNotFiniteIsSkippedAndHalvesTheScale(bad: Double) throws {
            let (weight, optimizer, loss) = try setup()
            let scaler = GradientScaler(initialScale: 1024)
            try scaler.scale(loss().multiplied(by: bad)).backward()
            #expect(try scaler.unscale(optimizer))
            #expect(try !scaler.step(optimizer))
            try scaler.update()
            #expect(try weight.floats() == [1, -2])
            #expect(scaler.state == .init(scale: 512, goodSteps: 0))
        }

        @Test func theScaleGrowsAfterEnoughGoodSteps() throws {
            let (_, optimizer, loss) = try setup()
            let scaler = GradientScaler(initialScale: 8, growthInterval: 2)
            for expected in [8.0, 16, 16, 32] {
                optimizer.clearGradients()
                try scaler.scale(loss()).backward()
                try scaler.step(optimizer)
                try scaler.update()
                #expect(scaler.state.scale == expected)
            }
        }

        @Test func aDiscardedStepIsComputedAnewAndUnscaledOnce() throws {
            let (weight, optimizer, loss) = try setup()
            let scaler = GradientScaler(initialScale: 1024)
            try scaler.scale(loss()).backward()
            try scaler.unscale(optimizer)
            optimizer.clearGradients()
            scaler.discardStep()
            #expect(message { try scaler.update() } == "update: no step was taken since the last update")
            try scaler.scale(loss()).backward()
            try scaler.unscale(optimizer)
            #expect(try weight.gradient?.floats() == [3, 0.5])
            #expect(try scaler.step(optimizer))
            try scaler.update()
            #expect(scaler.state == .init(scale: 1024, goodSteps: 1))
        }

        @Test func callsOutOfOrderAreRefused() throws {
            let (_, optimizer, loss) = try setup()
            let scaler = GradientScaler()
            #expect(message { try scaler.update() } == "update: no step was taken since the last update")
            try scaler.scale(loss()).backward()
            try scaler.unscale(optimizer)
            #expect(
                message { try scaler.unscale(optimizer) }
                    == "unscale: the gradients were unscaled already since the last update")
        }
    }
}
