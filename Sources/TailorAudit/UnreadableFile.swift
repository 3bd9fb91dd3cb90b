import TailorDatasets

/// File of a dataset that could not be read.
package struct UnreadableFile: Sendable, Hashable {
    /// Path from the dataset's folder.
    package let path: String
    package let reason: String
    /// Part in which it lies; nil if that is not known.
    package let part: SplitPart?
    /// Index in the class list; nil for entries that are no images.
    package let label: Int?

    init(_ problem: FileProblem, part: SplitPart?, label: Int?) {
        path = problem.path
        reason = problem.reason
        self.part = part
        self.label = label
    }
}
