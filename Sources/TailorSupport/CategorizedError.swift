/// Whom an error sends back to work, and the exit code of a program that ends with it.
public enum ErrorCategory: Int32, Sendable, CaseIterable {
    /// The work failed: the disk, the machine, the network, the numbers.
    case work = 1
    /// What was handed over is refused: a file, a folder, an option.
    case input = 2
    /// A gate said no: a leak, the accuracy of int8, a test set that was used before.
    case gate = 3

    /// Of any error; one that does not say is a failure of the work.
    public init(of error: any Error) {
        self = (error as? any CategorizedError)?.category ?? .work
    }
}

/// An error that says of itself which category it is of.
public protocol CategorizedError: Error, CustomStringConvertible {
    var category: ErrorCategory { get }
}
