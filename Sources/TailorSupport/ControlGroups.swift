import Foundation

/// Linux's control groups, in which containers and services run, and what they grant.
///
/// Version 2 is one tree, version 1 a tree for each controller (kernel documentation, admin-guide/cgroup-v2 and
/// cgroup-v1). A limit of a group holds for all below it.
package struct ControlGroups: Sendable {
    private let membership: String
    private let root: String

    /// - Parameters:
    ///   - membership: file that names the process's groups, one line a tree: `number:controllers:path`.
    ///   - root: where the trees are mounted.
    package init(membership: String = "/proc/self/cgroup", root: String = "/sys/fs/cgroup") {
        self.membership = membership
        self.root = root
    }

    /// Share of processor time, in processors; nil where there is no quota.
    package var processors: Double? {
        smallest("cpu") { folder in
            let fields = KernelFile.text(folder + "/cpu.max")?.split(whereSeparator: \.isWhitespace) ?? []
            return fields.count == 2 ? Self.quotient(Double(fields[0]), Double(fields[1])) : nil
        } version1: { folder in
            Self.quotient(
                Self.number(folder + "/cpu.cfs_quota_us"), Self.number(folder + "/cpu.cfs_period_us"))
        }
    }

    /// Most memory, in bytes; nil where there is no limit.
    package var memory: Double? {
        smallest("memory") {
            Self.number($0 + "/memory.max")
        } version1: {
            Self.number($0 + "/memory.limit_in_bytes")
        }
    }

    private func smallest(
        _ controller: String, version2: (String) -> Double?, version1: (String) -> Double?
    ) -> Double? {
        var limits: [Double] = []
        for line in (KernelFile.text(membership) ?? "").split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let controllers = fields[1].split(separator: ",")
            // Inside a container the path is often that of the host, and what is mounted is the group itself.
            let folders = Self.ancestors(of: String(fields[2]))
            if controllers.isEmpty {
                for mount in [root, root + "/unified"] {
                    limits += folders.compactMap { version2(mount + $0) }
                }
            } else if controllers.contains(Substring(controller)) {
                for mount in [root + "/" + fields[1], root + "/" + controller] {
                    limits += folders.compactMap { version1(mount + $0) }
                }
            }
        }
        return limits.min()
    }

    /// A positive number; nil for anything else, as "max".
    private static func number(_ path: String) -> Double? {
        let text = KernelFile.text(path)?.trimmingCharacters(in: .whitespacesAndNewlines)
        return text.flatMap(Double.init).flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
    }

    private static func quotient(_ quota: Double?, _ period: Double?) -> Double? {
        guard let quota, let period, quota > 0, period > 0, (quota / period).isFinite else { return nil }
        return quota / period
    }

    /// A group's path and those above it: `/a/b`, `/a`, and the root.
    private static func ancestors(of path: String) -> [String] {
        var parts = path.split(separator: "/")
        // What lies above the namespace's root is not visible.
        guard !parts.contains("..") else { return [""] }
        var paths: [String] = []
        while !parts.isEmpty {
            paths.append("/" + parts.joined(separator: "/"))
            parts.removeLast()
        }
        return paths + [""]
    }
}
