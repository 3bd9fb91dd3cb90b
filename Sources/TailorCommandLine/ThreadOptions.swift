import Foundation
import TailorArguments

/// Option for the number of threads.
package struct ThreadOptions: ArgumentGroup {
    @Option(
        bounds: .within(1...1024), shown: "one a core",
        help: "Threads that compute, and that decode where there is no --workers.")
    package var threads: Int?

    package init() {}

    /// Number that was asked for, or one a core.
    package var count: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }
}
