import Foundation
import TailorArguments

/// Options for what is printed.
package struct OutputOptions: ArgumentGroup {
    @Flag(help: "Print one JSON document on standard output and nothing else there.")
    package var json = false

    @Flag(short: "q", help: "No progress; warnings and errors only.")
    package var quiet = false

    package init() {}
}

/// Option for the number of threads.
package struct ThreadOptions: ArgumentGroup {
    @Option(
        bounds: .within(1...1024), shown: "one a core",
        help: "Threads that compute; a model file's images are decoded by them too.")
    package var threads: Int?

    package init() {}

    /// Number that was asked for, or one a core.
    package var count: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }
}
