/// Kind of failure; the raw value is the exit code of a program that ends with it.
public enum ErrorCategory: Int32, Sendable, CaseIterable {
    /// Failure while working: disk, machine, network, numerics.
    case work = 1
    /// Refused input: a file, a folder, an option.
    case input = 2
    /// Failed gate: a leak, the accuracy of int8, a test set that was used before.
    case gate = 3

    /// Category of any error; `work` unless it is a `CategorizedError`.
    public init(of error: any Error) {
        self = (error as? any CategorizedError)?.category ?? .work
    }
}

/// Error that knows its category.
public protocol CategorizedError: Error, CustomStringConvertible {
    var category: ErrorCategory { get }
}
