import Foundation

/// Name of the processor.
public enum ProcessorName {
    /// As the system tells it; "unknown" where it does not.
    public static let current: String = {
        #if os(Linux)
            let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
            for line in text.split(separator: "\n") where line.hasPrefix("model name") {
                return line.split(separator: ":").dropFirst().joined(separator: ":")
                    .trimmingCharacters(in: .whitespaces)
            }
        #endif
        return "unknown"
    }()
}
