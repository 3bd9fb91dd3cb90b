import TailorTensors

/// Memory that one pass through the network takes, found by going through its operations in the order in which they
/// run: what each makes, what is kept for the gradients, and what is given back when.
///
/// The gradients' order is that of PyTorch's autograd: the reverse of the operations', each giving back what it kept.
package struct PassMemory: Sendable, Hashable {
    /// Images `[images, 3, imageSize, imageSize]`.
    package var images: Int
    package var imageSize: Int
    package var classCount: Int
    /// First stage that records gradients; `nil`: none does, and there is no backward pass.
    package var trainableFrom: ResNet18.Stage?
    /// By which the trained stages normalise; without gradients, all of them.
    package var statistics: ResNet18.NormStatistics
    /// Bytes of an activation: 4, or 2 under autocast.
    package var activationBytes: Int

    package init(
        images: Int, imageSize: Int, classCount: Int, trainableFrom: ResNet18.Stage?,
        statistics: ResNet18.NormStatistics = .running, autocast: DType? = nil
    ) {
        self.images = images
        self.imageSize = imageSize
        self.classCount = classCount
        self.trainableFrom = trainableFrom
        self.statistics = statistics
        activationBytes = autocast == nil ? 4 : 2
    }

    /// Most bytes held at once from the images' tensor on: that, activations, and the gradients of activations and
    /// parameters. Neither the parameters nor gradients of earlier passes.
    package var peak: Int {
        var walk = PassWalk(self)
        return walk.peak()
    }

    /// Bytes of the images as 32-bit floats.
    package var imageBytes: Int { images * 3 * imageSize * imageSize * 4 }
}

/// The walk itself: one forward pass, then the backward steps that it left behind.
private struct PassWalk {
    private typealias Block = MemoryTape.Block
    /// Values of one image between two layers.
    private struct Activation {
        let block: Block
        let side: Int
        let channels: Int
        let needsGradient: Bool
    }

    private let pass: PassMemory
    private let tape = MemoryTape()
    /// Takes the gradient of what a part of the network gave, and gives that of what it got.
    private var backward: [(Block) -> Block?] = []
    private var isTrained = false

    init(_ pass: PassMemory) { self.pass = pass }

    mutating func peak() -> Int {
        let images = tape.take(pass.imageBytes)
        var input = images
        if pass.activationBytes < 4 { input = tape.take(pass.imageBytes * pass.activationBytes / 4) }
        begin(.stem)
        var x = stem(input)
        if pass.activationBytes < 4 { tape.drop(input) }
        for stage in ResNet18.stageShapes {
            begin(stage.stage)
            // Swift holds what a stage got until it is done.
            let first = x
            tape.keep(first.block)
            x = block(x, width: stage.width, stride: stage.stride)
            x = block(x, width: stage.width, stride: 1)
            tape.drop(first.block)
        }
        // Means, logits and loss are small; what is kept of the last stage are its sizes.
        tape.drop(x.block)
        guard pass.trainableFrom != nil else { return tape.peak }
        headGradients()
        var gradient: Block? = backward.isEmpty ? nil : tape.take(x.block.bytes)
        for step in backward.reversed() {
            guard let reached = gradient else { break }
            gradient = step(reached)
        }
        return tape.peak
    }

    private mutating func begin(_ stage: ResNet18.Stage) {
        isTrained = pass.trainableFrom.map { stage >= $0 } ?? false
    }

    /// Whether batch norm is an operation of its own here, not part of the convolution.
    private var normalisesByBatch: Bool {
        pass.statistics == .batch && (isTrained || pass.trainableFrom == nil)
    }

    private func activation(_ side: Int, _ channels: Int) -> Block {
        tape.take(activationSize(side, channels))
    }

    private func activationSize(_ side: Int, _ channels: Int) -> Int {
        pass.images * channels * side * side * pass.activationBytes
    }

    private func headGradients() {
        _ = tape.take((ResNet18.featureCount + 1) * pass.classCount * 4)
    }

    private mutating func stem(_ input: Block) -> Activation {
        let side = ResNet18.halved(pass.imageSize)
        let pooledSide = ResNet18.halved(side)
        let tape = tape
        let weight = Weight(inputs: 3, outputs: 64, kernelSize: 7)
        let convolved = convolution(input, weight, side: side)
        var normalised = convolved.block
        if normalisesByBatch { normalised = norm(convolved.block) }
        let pooled = activation(pooledSide, 64)
        // 64-bit positions of the maxima.
        let positions = tape.take(pass.images * 64 * pooledSide * pooledSide * 8)
        if isTrained { tape.keep(normalised) } else { tape.drop(positions) }
        tape.drop(normalised)
        let result = activation(pooledSide, 64)
        tape.drop(pooled)
        if isTrained {
            tape.keep(result)
            let byBatch = normalisesByBatch
            let activationBytes = pass.activationBytes
            backward.append { gradient in
                let pooled = tape.take(gradient.bytes)
                tape.drop(gradient)
                tape.drop(result)
                let normalised2 = tape.take(normalised.bytes)
                tape.drop(pooled)
                tape.drop(positions)
                tape.drop(normalised)
                var convolvedGradient = normalised2
                if byBatch {
                    convolvedGradient = tape.take(normalised.bytes)
                    tape.drop(normalised2)
                    tape.drop(convolved.block)
                }
                convolved.takeGradient(
                    of: weight, isFolded: !byBatch, activationBytes: activationBytes, on: tape)
                tape.drop(convolvedGradient)
                return nil
            }
        }
        return Activation(block: result, side: pooledSide, channels: 64, needsGradient: isTrained)
    }

    /// Batch norm by the batch's statistics; gives back what it got unless gradients need it.
    private func norm(_ x: Block) -> Block {
        let result = tape.take(x.bytes)
        if isTrained { tape.keep(x) }
        tape.drop(x)
        return result
    }

    private struct Weight {
        let inputs: Int
        let outputs: Int
        let kernelSize: Int

        var bytes: Int { inputs * outputs * kernelSize * kernelSize * 4 }
    }

    /// What a convolution made, and keeps for its gradients.
    private struct Convolved {
        let block: Block
        let input: Block
        /// Weights that were made for it: with the norm's scale, or in 16 bits.
        let madeWeight: Block?

        /// Makes the weight's gradient, which stays, and gives back what was kept.
        func takeGradient(of weight: Weight, isFolded: Bool, activationBytes: Int, on tape: MemoryTape) {
            let computed = tape.take(weight.bytes * activationBytes / 4)
            // oneDNN's own layout of weights and gradient.
            tape.touch(2 * computed.bytes)
            if let madeWeight { tape.drop(madeWeight) }
            tape.drop(input)
            var gradient = computed
            if activationBytes < 4 {
                gradient = tape.take(weight.bytes)
                tape.drop(computed)
            }
            guard isFolded else { return }
            // That was of the weights with the scale in them: times the scale, and the scale's own.
            _ = tape.take(weight.bytes)
            tape.touch(weight.bytes)
            tape.drop(gradient)
        }
    }

    private func convolution(_ x: Block, _ weight: Weight, side: Int) -> Convolved {
        let folded = normalisesByBatch ? nil : tape.take(weight.bytes)
        var made = folded
        if pass.activationBytes < 4 {
            made = tape.take(weight.bytes / 2)
            if let folded { tape.drop(folded) }
        }
        let result = activation(side, weight.outputs)
        tape.touch(weight.bytes * pass.activationBytes / 4)
        guard isTrained else {
            if let made { tape.drop(made) }
            return Convolved(block: result, input: x, madeWeight: nil)
        }
        tape.keep(x)
        return Convolved(block: result, input: x, madeWeight: made)
    }

    /// A residual block; gives back its input unless gradients need it.
    private mutating func block(_ x: Activation, width: Int, stride: Int) -> Activation {
        let tape = tape
        let side = stride == 1 ? x.side : ResNet18.halved(x.side)
        let weight1 = Weight(inputs: x.channels, outputs: width, kernelSize: 3)
        let weight2 = Weight(inputs: width, outputs: width, kernelSize: 3)
        let weight3 = Weight(inputs: x.channels, outputs: width, kernelSize: 1)
        let projects = stride != 1 || x.channels != width
        let byBatch = normalisesByBatch
        let activationBytes = pass.activationBytes

        let first = convolution(x.block, weight1, side: side)
        var hidden = first.block
        if byBatch {
            let normalised = norm(first.block)
            hidden = tape.take(normalised.bytes)
            tape.drop(normalised)
        }
        // By the activation function, which gives the gradient by its result.
        if isTrained { tape.keep(hidden) }
        // The projection comes second where it is added in place, last where it is not.
        var shortcut: (convolved: Convolved, value: Block)?
        func project() {
            guard projects else { return }
            let convolved = convolution(x.block, weight3, side: side)
            shortcut = (convolved, byBatch ? norm(convolved.block) : convolved.block)
        }
        if !byBatch { project() }
        let second = convolution(hidden, weight2, side: side)
        var result = second.block
        if byBatch {
            let residual = norm(second.block)
            project()
            let sum = tape.take(residual.bytes)
            tape.drop(residual)
            if let shortcut { tape.drop(shortcut.value) }
            result = tape.take(sum.bytes)
            tape.drop(sum)
        } else if let shortcut {
            tape.drop(shortcut.value)
        }
        tape.drop(hidden)
        tape.drop(x.block)
        guard isTrained else {
            return Activation(block: result, side: side, channels: width, needsGradient: false)
        }
        tape.keep(result)
        let needsInput = x.needsGradient
        backward.append { [shortcut] gradient in
            let sum = tape.take(gradient.bytes)
            tape.drop(gradient)
            tape.drop(result)
            var input: Block?
            func backThrough(_ convolved: Convolved, _ weight: Weight, _ gradient: Block, to bytes: Int?)
                -> Block?
            {
                var reached = gradient
                if byBatch {
                    reached = tape.take(gradient.bytes)
                    tape.drop(gradient)
                    tape.drop(convolved.block)
                }
                let below = bytes.map { tape.take($0) }
                convolved.takeGradient(
                    of: weight, isFolded: !byBatch, activationBytes: activationBytes, on: tape)
                tape.drop(reached)
                return below
            }
            func backThroughShortcut() {
                guard let shortcut else { return }
                tape.keep(sum)
                input = backThrough(shortcut.convolved, weight3, sum, to: needsInput ? x.block.bytes : nil)
            }
            if byBatch { backThroughShortcut() }
            tape.keep(sum)
            let hiddenGradient = backThrough(second, weight2, sum, to: hidden.bytes)
            if !byBatch { backThroughShortcut() }
            if shortcut != nil || !needsInput { tape.drop(sum) } else { input = sum }
            guard let hiddenGradient else { return nil }
            let firstGradient = tape.take(hidden.bytes)
            tape.drop(hiddenGradient)
            tape.drop(hidden)
            let below = backThrough(first, weight1, firstGradient, to: needsInput ? x.block.bytes : nil)
            guard let below, let input else { return nil }
            // Summed in place.
            tape.drop(below)
            return input
        }
        return Activation(block: result, side: side, channels: width, needsGradient: true)
    }
}
