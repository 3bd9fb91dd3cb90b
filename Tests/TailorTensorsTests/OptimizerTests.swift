import TailorCheckpoints
import TailorTensors
import TestSupport
import Testing

extension TensorLayer {
    /// Parameters after each step against torch.optim's: two groups, one parameter without a gradient in
    /// the first step.
    @Suite struct Optimizers {
        static let names = ["conv", "bias", "head"]
        static let stepCount = 3

        struct Setup {
            let golden: Golden
            var parameters: [String: Tensor] = [:]
            let groups: [ParameterGroup]

            /// - Parameter channelsLast: lays the convolution's weight as training does; the gradients
            ///   and the state then have to follow its layout.
            init(channelsLast: Bool = false) throws {
                golden = try Golden("optimizers")
                var made: [String: Tensor] = [:]
                for name in Optimizers.names {
                    made[name] = try golden.leaf("initial.\(name)", channelsLast: channelsLast)
                }
                parameters = made
                func named(_ names: [String]) -> [ParameterGroup.Parameter] {
                    names.compactMap { name in made[name].map { .init(name: name, tensor: $0) } }
                }
                groups = [
                    ParameterGroup(
                        name: "trunk", parameters: named(["conv", "bias"]), learningRate: 0.05,
                        weightDecay: 0.1),
                    ParameterGroup(name: "head", parameters: named(["head"]), learningRate: 0.2),
                ]
            }

            /// Gives the parameters the golden gradients of a step, times `factor`.
            func fillGradients(step: Int, factor: Double = 1) throws {
                var loss = try Tensor.zeros([])
                for name in Optimizers.names where !(name == "bias" && step == 0) {
                    let parameter = try #require(parameters[name])
                    let product = try parameter * golden["gradient.\(step).\(name)"]
                    loss = try loss.adding(product.sum())
                }
                try loss.multiplied(by: factor).backward()
            }

            func expectParameters(after step: Int, of optimizer: String) throws {
                for name in Optimizers.names {
                    try expectClose(
                        parameters[name], golden["\(optimizer).\(step).\(name)"], relative: 2e-6,
                        absolute: 1e-6, "\(optimizer), step \(step), \(name)")
                }
            }
        }

        static func make(_ name: String, _ groups: [ParameterGroup]) throws -> any Optimizer {
            switch name {
            case "sgd": try SGD(groups: groups)
            case "momentum": try SGD(groups: groups, momentum: 0.9)
            case "nesterov": try SGD(groups: groups, momentum: 0.9, nesterov: true)
            default: try AdamW(groups: groups, beta1: 0.85, beta2: 0.97, epsilon: 1e-6)
            }
        }

        @Test(arguments: ["sgd", "momentum", "nesterov", "adamw"], [false, true])
        func threeStepsAsInPyTorch(name: String, channelsLast: Bool) throws {
            let setup = try Setup(channelsLast: channelsLast)
            let optimizer = try Self.make(name, setup.groups)
            for step in 0..<Self.stepCount {
                optimizer.clearGradients()
                try setup.fillGradients(step: step)
                try optimizer.step()
                try setup.expectParameters(after: step, of: name)
            }
        }

        @Test(arguments: ["momentum", "adamw"], [false, true])
        func savedStateContinuesAsIfNeverStopped(name: String, channelsLast: Bool) throws {
            let setup = try Setup(channelsLast: channelsLast)
            var optimizer = try Self.make(name, setup.groups)
            for step in 0..<Self.stepCount {
                // Through a file, whose tensors are contiguous whatever the parameters' layout.
                let saved = try Safetensors.encode(optimizer.state().map { ($0.key, $0.value) })
                optimizer = try Self.make(name, setup.groups)
                try optimizer.loadState(Safetensors.decode(saved, name: "state").tensors)
                optimizer.clearGradients()
                try setup.fillGradients(step: step)
                try optimizer.step()
                try setup.expectParameters(after: step, of: name)
            }
        }

        @Test func stateIsNamedAfterTheParameterAndOutlivesItsGroup() throws {
            let setup = try Setup()
            let optimizer = try SGD(groups: setup.groups, momentum: 0.9)
            try setup.fillGradients(step: 0)
            try optimizer.step()
            #expect(try optimizer.state().keys.sorted() == ["conv.momentum_buffer", "head.momentum_buffer"])
            optimizer.groups = [setup.groups[1]]
            try optimizer.step()
            #expect(try optimizer.state().keys.contains("conv.momentum_buffer"))
        }

        /// So that it can be taken again, as after running out of memory.
        @Test(arguments: ["momentum", "adamw"]) func aStepThatFailsMovesNothing(name: String) throws {
            let setup = try Setup()
            let optimizer = try Self.make(name, [setup.groups[0]])
            // The head's state, loaded while the head is in no group, cannot be checked against its shape.
            let kinds = name == "adamw" ? ["exp_avg", "exp_avg_sq"] : ["momentum_buffer"]
            var state: [String: Tensor] = name == "adamw" ? ["head.step": try Tensor.zeros([])] : [:]
            for kind in kinds { state["head.\(kind)"] = try Tensor.zeros([2]) }
            try optimizer.loadState(state)
            optimizer.groups = setup.groups
            try setup.fillGradients(step: 1)
            let before = try setup.parameters.mapValues { try $0.floats() }
            #expect(throws: TensorError.self) { try optimizer.step() }
            #expect(try setup.parameters.mapValues { try $0.floats() } == before)
        }

        @Test func wrongStateIsRefusedByName() throws {
            let setup = try Setup()
            let adam = try AdamW(groups: setup.groups)
            let one = try Tensor.ones([4])
            #expect(
                message { try adam.loadState(["conv.momentum_buffer": one]) }
                    == "optimiser state \"conv.momentum_buffer\": expected a parameter's name followed by "
                    + ".exp_avg or .exp_avg_sq or .step")
            #expect(
                message { try adam.loadState(["bias.exp_avg": one, "bias.step": one]) }
                    == "optimiser state \"bias.exp_avg_sq\" is missing")
            #expect(
                message { try adam.loadState(["head.exp_avg": one]) }
                    == "optimiser state \"head.exp_avg\": expected shape [5, 7], got [4]")
            let twice = try SGD(groups: setup.groups + setup.groups)
            #expect(message { try twice.step() } == "parameter \"conv\" is in more than one group")
            #expect(
                message { _ = try SGD(groups: [], nesterov: true) }
                    == "SGD: Nesterov needs a momentum above 0")
        }

        @Test func gradientClipping() throws {
            let golden = try Golden("optimizers")
            let parameters = try ["clip.a", "clip.b"].map { try golden.leaf($0) }
            for (parameter, name) in zip(parameters, ["clip.a", "clip.b"]) {
                try (parameter * golden[name]).sum().backward()
            }
            let untouched = try Tensor.ones([2])
            try untouched.setRequiresGradient()
            let norm = try clipGradientNorm(parameters + [untouched], maximum: 1.5)
            expectClose(norm, try golden["clip.norm"].item(), absolute: 1e-5)
            try expectClose(parameters[0].gradient, golden["clip.a.after"], "a")
            try expectClose(parameters[1].gradient, golden["clip.b.after"], "b")
            #expect(try clipGradientNorm(parameters, maximum: 100) < 1.5001)
            try expectClose(parameters[0].gradient, golden["clip.a.after"], "small gradients stay")
            #expect(
                message { try clipGradientNorm(parameters, maximum: 0) }
                    == "clipGradientNorm: maximum must be above 0, got 0.0")
        }
    }
}
