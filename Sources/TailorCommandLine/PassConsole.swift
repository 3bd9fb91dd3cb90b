import Synchronization
import TailorTerminal

/// Shows how far a pass over many things is. May be called from several threads.
package final class PassConsole: Sendable {
    private let quiet: Bool
    private let bar = Mutex<ProgressBar?>(nil)

    package init(quiet: Bool) { self.quiet = quiet }

    package func show(_ step: String, done: Int, total: Int) {
        guard !quiet, total > 1 else { return }
        bar.withLock { bar in
            if bar?.label != step {
                bar = nil
                bar = ProgressBar(step, total: total)
            }
            bar?.update(completed: done)
        }
    }

    /// Takes the bar away.
    package func finish() { bar.withLock { $0 = nil } }
}
