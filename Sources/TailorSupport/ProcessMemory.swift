import Foundation

/// Memory of this process.
public enum ProcessMemory {
    /// Bytes that lie in memory now; 0 where the system does not tell.
    public static var now: Int {
        #if os(Linux)
            // Size and resident set, in pages (proc(5)).
            let fields = KernelFile.text("/proc/self/statm")?.split(separator: " ") ?? []
            guard fields.count > 1, let pages = Int(fields[1]) else { return 0 }
            return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
        #else
            return 0
        #endif
    }

    /// The most bytes that have lain in memory at once.
    public static var peak: Int {
        var usage = rusage()
        #if os(Linux)
            // Of this program alone: `ru_maxrss` begins with what the process that started it had taken.
            if let status = KernelFile.text("/proc/self/status"),
                let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
                let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({
                    Int($0)
                })
            {
                return kibibytes * 1024
            }
            getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
            return Int(usage.ru_maxrss) * 1024
        #else
            getrusage(RUSAGE_SELF, &usage)
            return Int(usage.ru_maxrss)
        #endif
    }
}
