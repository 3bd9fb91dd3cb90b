import TailorDatasets
import TailorEvaluation
import TailorImages
import TailorTensors

extension ModelRunner {
    /// Logits of samples, a row each, and their activation maps. Throws ``EvaluationError`` when a logit is not finite.
    package func logitsAndMaps(
        _ samples: [Sample], progress: ((Int) throws -> Void)? = nil
    ) throws -> (logits: ScoreMatrix, maps: [ActivationMaps]) {
        guard !samples.isEmpty else { return (try ScoreMatrix([Double](), classCount: model.classCount), []) }
        let classCount = model.classCount
        var shape: [Int] = []
        let rows = try forEachBatch(samples, progress: progress) { images in
            let (logits, maps) = try withAutocast(autocast, device: device) {
                try model.activationMaps(images)
            }
            shape = maps.shape
            // One row an image, so that batches can be joined.
            return try Tensor.cat(
                [logits.to(.float32), maps.to(.float32).flatten(from: 1)], 1)
        }
        let values = try rows.floats()
        let (height, width) = (shape[2], shape[3])
        let stride = classCount * (1 + height * width)
        let starts = samples.indices.map { $0 * stride }
        return (
            try ScoreMatrix(starts.flatMap { values[$0..<$0 + classCount] }, classCount: classCount),
            try starts.map {
                try ActivationMaps(
                    classCount: classCount, rows: height, columns: width,
                    values: Array(values[$0 + classCount..<$0 + stride]))
            }
        )
    }
}
