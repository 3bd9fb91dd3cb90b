import Foundation
import TailorArguments
import TailorSupport

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

    package func validate() throws { CoreLimit.warn("--threads", threads) }

    /// Number that was asked for, within what the cores bear, or one a core.
    package var count: Int { CoreLimit.capped(threads) ?? ProcessorCount.available }
}

/// Bound on the threads that somebody may ask for: beyond it they only take turns and memory.
package enum CoreLimit {
    static let threadsPerCore = 4

    package static func capped(
        _ asked: Int?, cores: Int = ProcessorCount.available
    ) -> Int? {
        asked.map { min($0, threadsPerCore * cores) }
    }

    /// Says when fewer threads than asked for will run.
    package static func warn(_ option: String, _ asked: Int?) {
        let cores = ProcessorCount.available
        guard let asked, let used = capped(asked, cores: cores), used < asked else { return }
        Console.warning(
            "\(option) \(asked): there \(cores == 1 ? "is" : "are") \(counted(cores, "core")) here, "
                + "\(used) threads are used")
    }
}
