import Foundation
import TailorSupport

/// How libtorch's threads wait for work while other processes need the processors.
///
/// Between two operations libgomp's threads spin for milliseconds. On a quiet machine that is the fastest way; beside
/// a busy neighbour it is the slowest, since those who spin take the time of those who have work. libgomp spins a
/// thousand rounds only once it manages more threads than there are processors (GOMP_SPINCOUNT in its manual), so a
/// second team, which never works, is kept while the machine is crowded.
package enum WaitingThreads {
    /// Watches the machine twice a second, and has threads sleep while it is crowded. Does nothing where the
    /// environment decides how to wait (`OMP_WAIT_POLICY`, `GOMP_SPINCOUNT`), with one thread, and elsewhere than
    /// on Linux. Call after setting `TorchRuntime.threadCount`; it concerns the whole process, so programs choose
    /// it, not libraries.
    package static func sleepWhileCrowded() {
        #if os(Linux)
            let environment = ProcessInfo.processInfo.environment
            guard TorchRuntime.threadCount > 1, environment["OMP_WAIT_POLICY"] == nil,
                environment["GOMP_SPINCOUNT"] == nil
            else { return }
            WorkerThreads().start(1, name: "crowd") { watch() }
        #endif
    }

    #if os(Linux)
        private static func watch() {
            let free = Double(sysconf(Int32(_SC_NPROCESSORS_ONLN))) - Double(TorchRuntime.threadCount)
            var earlier = ProcessorUse.now()
            var team: SecondTeam?
            var quietRounds = 0
            while true {
                usleep(500_000)
                guard let before = earlier, let now = ProcessorUse.now() else { return }
                earlier = now
                // Whatever runs for a moment is no neighbour.
                let isCrowded = now.others(since: before) > max(0, free) + 0.2
                quietRounds = isCrowded ? 0 : quietRounds + 1
                if isCrowded, team == nil { team = SecondTeam() }
                if quietRounds == 6 { team = nil }
            }
        }
    #endif
}

/// Threads of libgomp that sleep and count.
package final class SecondTeam {
    private let gate = DispatchSemaphore(value: 0)
    private let thread = WorkerThreads()

    /// Nil where no thread can be started.
    package init?() {
        let isReady = DispatchSemaphore(value: 0)
        let started = thread.start(1, name: "second team") { [gate] in
            // A team is as large as the operation that first needs it, and lives as long as its thread.
            _ = try? Tensor.zeros([1 << 20]).exp()
            isReady.signal()
            gate.wait()
        }
        guard started > 0 else { return nil }
        isReady.wait()
    }

    deinit {
        gate.signal()
        thread.join()
    }
}

#if os(Linux)
    /// Processor time used so far, in seconds.
    private struct ProcessorUse {
        /// By all processes, and by neighbours of a virtual machine.
        let all: Double
        let own: Double
        let time: Double

        /// Nil where the kernel does not say.
        static func now() -> ProcessorUse? {
            guard let text = KernelFile.text("/proc/stat"),
                let line = text.split(separator: "\n").first(where: { $0.hasPrefix("cpu ") })
            else { return nil }
            // user, nice, system, idle, iowait, irq, softirq, steal (proc(5)).
            let ticks = line.split(separator: " ").dropFirst().compactMap { Double($0) }
            guard ticks.count >= 8 else { return nil }
            let busy = ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7]
            var usage = rusage()
            getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
            func seconds(_ value: timeval) -> Double { Double(value.tv_sec) + Double(value.tv_usec) / 1e6 }
            return ProcessorUse(
                all: busy / Double(sysconf(Int32(_SC_CLK_TCK))),
                own: seconds(usage.ru_utime) + seconds(usage.ru_stime),
                time: ProcessInfo.processInfo.systemUptime)
        }

        /// Processors that others kept busy.
        func others(since earlier: ProcessorUse) -> Double {
            ((all - earlier.all) - (own - earlier.own)) / max(time - earlier.time, 1e-3)
        }
    }
#endif
