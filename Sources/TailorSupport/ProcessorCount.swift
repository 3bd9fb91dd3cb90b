import Foundation

/// Processors that this process may use.
public enum ProcessorCount {
    /// Processors that the scheduler allows, or fewer where a quota of Linux's control groups (a container's, a
    /// service's) grants less time; at least 1. A quota of one and a half processors counts as 2.
    public static let available: Int = {
        let allowed = ProcessInfo.processInfo.activeProcessorCount
        guard let quota = ControlGroups().processors, quota < Double(allowed) else { return allowed }
        return max(1, Int(quota.rounded(.up)))
    }()
}

/// Memory that this process may use.
package enum MemoryLimit {
    /// The machine's memory in bytes, or less where Linux's control groups grant less.
    package static let available: Int = {
        let installed = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        guard let limit = ControlGroups().memory, limit < Double(installed) else { return installed }
        return Int(limit)
    }()

    /// What a control group grants, in bytes; nil where none sets a limit below the machine's memory.
    package static let granted: Int? = {
        let installed = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        return available < installed ? available : nil
    }()

    /// Bytes that programs could take now without any being pushed out; nil where the system does not tell.
    package static var free: Int? {
        #if os(Linux)
            for line in (KernelFile.text("/proc/meminfo") ?? "").split(separator: "\n")
            where line.hasPrefix("MemAvailable:") {
                let fields = line.split(separator: " ")
                guard fields.count > 1, let kilobytes = Int(fields[1]) else { return nil }
                return min(kilobytes * 1024, available)
            }
        #endif
        return nil
    }
}
