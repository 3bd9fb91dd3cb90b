extension ResNet18 {
    /// Parameters of a stage and of all above it; buffers are not among them.
    package static func parameterCount(from first: Stage, classCount: Int) -> Int {
        var count = first <= .stem ? 3 * 64 * 7 * 7 + 2 * 64 : 0
        var channels = 64
        for (stage, width, stride) in stageShapes {
            let projects = stride != 1 || channels != width
            // Two blocks: four convolutions of 3 × 3 and their norms, and the projection with its own.
            let convolutions = 9 * (channels * width + 3 * width * width) + 4 * 2 * width
            let projection = projects ? channels * width + 2 * width : 0
            if stage >= first { count += convolutions + projection }
            channels = width
        }
        return count + (featureCount + 1) * classCount
    }

    /// Bytes of parameters and running statistics as they are kept and saved.
    package static func stateBytes(classCount: Int) -> Int {
        // 4,800 channels have a norm.
        let channels = 64 + stageShapes.reduce(0) { $0 + ($1.width * ($1.stride == 1 ? 4 : 5)) }
        return 4 * (parameterCount(from: .stem, classCount: classCount) + 2 * channels)
    }
}
