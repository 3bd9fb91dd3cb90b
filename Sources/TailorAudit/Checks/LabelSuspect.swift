/// Image whose label may be wrong.
package struct LabelSuspect: Sendable, Hashable {
    /// Index of the audit's images; never a test image.
    package let image: Int
    /// Class that it looks like.
    package let suggestion: Int
    /// Out-of-fold probability of its label, 0…1.
    package let labelProbability: Double
    /// That of the suggestion.
    package let suggestionProbability: Double
    /// Doubt, 0…1: what the list is sorted by, the most doubtful first.
    package let score: Double
    /// Indices of the audit's images, the nearest in features first, at most 5; neither copies of this one nor test
    /// images.
    package let neighbours: [Int]

    package init(
        image: Int, suggestion: Int, labelProbability: Double, suggestionProbability: Double, score: Double,
        neighbours: [Int]
    ) {
        self.image = image
        self.suggestion = suggestion
        self.labelProbability = labelProbability
        self.suggestionProbability = suggestionProbability
        self.score = score
        self.neighbours = neighbours
    }
}
