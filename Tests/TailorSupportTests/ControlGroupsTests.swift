import Foundation
import TailorSupport
import TestSupport
import Testing

/// Made trees of control groups, as `/sys/fs/cgroup` shows them.
@Suite struct ControlGroupsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func quota(_ membership: String, _ files: [String: String]) throws -> Double? {
        try folder.write(Data(membership.utf8), to: "membership")
        try? FileManager.default.removeItem(at: folder.file("root"))
        for (name, text) in files { try folder.write(Data(text.utf8), to: "root/" + name) }
        return groups.processors
    }

    private var groups: ControlGroups {
        ControlGroups(membership: folder.file("membership").path, root: folder.file("root").path)
    }

    @Test func atLeastOneAndNoMoreThanThereAre() {
        #expect((1...ProcessInfo.processInfo.activeProcessorCount).contains(ProcessorCount.available))
    }

    @Test func versionTwo() throws {
        #expect(try quota("0::/a/b\n", ["a/b/cpu.max": "150000 100000\n"]) == 1.5)
    }

    @Test func theSmallestAboveHolds() throws {
        let files = [
            "a/b/cpu.max": "max 100000\n", "a/cpu.max": "50000 100000\n", "cpu.max": "400000 100000\n",
        ]
        #expect(try quota("0::/a/b\n", files) == 0.5)
    }

    @Test func versionOne() throws {
        let files = ["cpu/x/cpu.cfs_quota_us": "200000\n", "cpu/x/cpu.cfs_period_us": "100000\n"]
        #expect(try quota("4:memory:/y\n3:cpu:/x\n0::/\n", files) == 2)
        let joined = [
            "cpu,cpuacct/x/cpu.cfs_quota_us": "300000\n", "cpu,cpuacct/x/cpu.cfs_period_us": "100000\n",
        ]
        #expect(try quota("3:cpu,cpuacct:/x\n", joined) == 3)
    }

    /// Seen from inside a container, whose own group is mounted as the root.
    @Test func theGroupItselfIsMounted() throws {
        #expect(try quota("0::/docker/0123\n", ["cpu.max": "100000 100000\n"]) == 1)
        #expect(try quota("0::/../outside\n", ["cpu.max": "100000 50000\n"]) == 2)
    }

    @Test(arguments: [
        "max 100000\n", "-1 100000\n", "0 100000\n", "100000 0\n", "x y\n", "100000\n", "", "nan 1\n",
        "inf 1\n",
    ])
    func whatIsNoQuota(_ text: String) throws {
        #expect(try quota("0::/a\n", ["a/cpu.max": text]) == nil)
    }

    @Test func memory() throws {
        #expect((1...Int(ProcessInfo.processInfo.physicalMemory)).contains(MemoryLimit.available))
        let files = [
            "a/memory.max": "max\n", "memory.max": "4000\n", "memory/x/memory.limit_in_bytes": "3000\n",
            "memory/memory.limit_in_bytes": "9223372036854771712\n",
        ]
        #expect(try quota("0::/a\n", files) == nil && groups.memory == 4000)
        #expect(try quota("4:memory:/x\n", files) == nil && groups.memory == 3000)
    }

    @Test func noQuota() throws {
        let unlimited = ["cpu/x/cpu.cfs_quota_us": "-1\n", "cpu/x/cpu.cfs_period_us": "100000\n"]
        #expect(try quota("3:cpu:/x\n", unlimited) == nil)
        #expect(try quota("", [:]) == nil)
        #expect(try quota("nonsense\n::\n3:cpu\n", [:]) == nil)
        #expect(ControlGroups(membership: folder.file("none").path).processors == nil)
    }
}
