import Foundation
import TailorTerminal

/// Shows how far a pass over many things is. May be called from several threads.
package final class PassConsole: @unchecked Sendable {
    // `@unchecked`: `bar` is guarded by `lock`.
    private let lock = NSLock()
    private let quiet: Bool
    private var bar: ProgressBar?

    package init(quiet: Bool) { self.quiet = quiet }

    package func show(_ step: String, done: Int, total: Int) {
        guard !quiet, total > 1 else { return }
        lock.withLock {
            if bar?.label != step {
                bar = nil
                bar = ProgressBar(step, total: total)
            }
            bar?.update(completed: done)
        }
    }

    /// Takes the bar away.
    package func finish() { lock.withLock { bar = nil } }
}
