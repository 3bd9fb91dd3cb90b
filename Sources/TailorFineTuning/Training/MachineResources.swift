import TailorDatasets

extension FineTuner.Machine {
    /// What is spent of the memory for speed. None of it changes what is computed, apart from rounding, where batch
    /// norm's statistics are frozen; else `microBatchSize` changes the images that are normalised together.
    public struct Resources: Codable, Sendable, Hashable {
        /// Most images of one forward and backward pass; nil for those of the recipe.
        public var microBatchSize: Int?
        /// Images of one pass without gradients.
        public var evaluationBatchSize: Int
        /// Batches that are loaded ahead, at least 1.
        public var prefetch: Int
        /// Bytes of decoded images that are kept.
        public var cacheBytes: Int

        public init(
            microBatchSize: Int? = nil, evaluationBatchSize: Int = 64, prefetch: Int = 3,
            cacheBytes: Int = DecodedImageCache.defaultByteBudget
        ) {
            self.microBatchSize = microBatchSize.map { max(1, $0) }
            self.evaluationBatchSize = max(1, evaluationBatchSize)
            self.prefetch = max(1, prefetch)
            self.cacheBytes = max(0, cacheBytes)
        }

        /// Images that batch-norm statistics are estimated on at a time.
        static let statisticsBatchSize = 64

        /// Images of one forward and backward pass of a recipe.
        func microBatchSize(of recipe: Recipe) -> Int {
            min(recipe.batchSize / max(recipe.accumulationSteps, 1), microBatchSize ?? .max)
        }

        /// The same where an epoch has fewer images than a batch.
        func microBatchSize(of recipe: Recipe, epoch: Int) -> Int {
            max(1, min(microBatchSize(of: recipe), epoch))
        }
    }
}
