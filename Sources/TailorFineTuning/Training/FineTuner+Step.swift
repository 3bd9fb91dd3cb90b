import TailorDatasets
import TailorSupport
import TailorTensors

extension FineTuner {
    func notFinite(_ what: String, rate: Double) -> RunError {
        let kept =
            state.best.map { "best.safetensors keeps epoch \($0.epoch)" }
            ?? "no epoch had been finished"
        return .notFinite(what: what, step: state.step, learningRate: rate, lastGood: kept)
    }

    /// Takes one optimiser step and returns the loss. When the GPU's memory does not suffice, the batch is cut into
    /// smaller parts whose gradients are summed, and the step is tried again.
    func trainStep(_ batch: BatchLoader.Batch, phase: Phase, rate: Double) throws -> Double {
        var microBatchSize = state.microBatchSize
        let loss = try MemoryRetry.run(&microBatchSize) { size in
            let loss = try forwardBackward(batch, phase: phase, microBatchSize: size)
            guard loss.isFinite else { throw notFinite("the training loss", rate: rate) }
            try applyGradients()
            return loss
        } discard: { smaller in
            optimizer.clearGradients()
            scaler?.discardStep()
            try TorchRuntime.releaseCachedMemory(machine.device)
            state.microBatchSize = smaller
            let text = "out of memory on \(machine.device): going on with \(counted(smaller, "image")) a pass"
            record.warnings.append(text)
            report(.warning(text))
        }
        // The step is taken: what fails from here on must not take it again.
        try scaler?.update()
        if let decay = recipe.weightAveraging {
            try average?.update(decay: min(decay, Double(1 + state.step) / Double(10 + state.step)))
        }
        return loss
    }

    private func forwardBackward(
        _ batch: BatchLoader.Batch, phase: Phase, microBatchSize: Int
    ) throws -> Double {
        optimizer.clearGradients()
        let images = try batch.images().to(machine.device)
        let targets = try Tensor(batch.labels, shape: [batch.count]).to(machine.device)
        let classWeights = self.classWeights
        func weight(_ labels: ArraySlice<Int64>) -> Double {
            classWeights.map { weights in labels.reduce(0) { $0 + weights[Int($1)] } } ?? Double(labels.count)
        }
        let total = weight(batch.labels[...])
        var loss = 0.0
        var start = 0
        while start < batch.count {
            let length = min(microBatchSize, batch.count - start)
            let whole = length == batch.count
            let part = whole ? images : try images.narrow(0, start: start, length: length)
            let partTargets = whole ? targets : try targets.narrow(0, start: start, length: length)
            let logits = try withAutocast(autocast, device: machine.device) {
                try model.logits(part, trainableFrom: phase.trainableFrom)
            }
            // Each part's mean counts by its share of the weights, so that cutting changes no gradient
            // (batch-norm statistics aside).
            let share = total > 0 ? weight(batch.labels[start..<start + length]) / total : 0
            var objective = try crossEntropy(
                logits.to(.float32), targets: partTargets, classWeights: classWeightsTensor,
                labelSmoothing: recipe.labelSmoothing)
            if !whole { objective = try objective.multiplied(by: share) }
            loss += try objective.item()
            try (scaler?.scale(objective) ?? objective).backward()
            start += length
        }
        return loss
    }

    private func applyGradients() throws {
        if let scaler {
            try scaler.unscale(optimizer)
            if let maximum = recipe.gradientClipping {
                _ = try clipGradientNorm(model.parameters.map(\.tensor), maximum: maximum)
            }
            try scaler.step(optimizer)
        } else {
            if let maximum = recipe.gradientClipping {
                _ = try clipGradientNorm(model.parameters.map(\.tensor), maximum: maximum)
            }
            try optimizer.step()
        }
    }
}

/// Work on a batch that is cut into smaller parts until the device's memory suffices.
package enum MemoryRetry {
    /// Calls `attempt` with the number of images a pass; after an `outOfMemory` with half as many, down to 1.
    ///
    /// - Parameters:
    ///   - size: images a pass, at least 1; ends as what sufficed.
    ///   - attempt: must be able to start again after `discard`.
    ///   - discard: drops all that the failed attempt left behind; gets the size of the next.
    /// - Throws: what `attempt` throws otherwise, and running out of memory on single images.
    package static func run<R>(
        _ size: inout Int, attempt: (Int) throws -> R, discard: (Int) throws -> Void
    ) throws -> R {
        while true {
            do {
                return try attempt(size)
            } catch let error as TensorError where error.kind == .outOfMemory && size > 1 {
                size = (size + 1) / 2
                try discard(size)
            }
        }
    }
}
