import Foundation
import Tailor

/// Shows how far an audit is. Called from several threads.
final class CheckConsole: @unchecked Sendable {
    // `@unchecked`: `bar` is guarded by `lock`.
    private let lock = NSLock()
    private let quiet: Bool
    private var bar: ProgressBar?

    init(quiet: Bool) { self.quiet = quiet }

    func show(_ progress: DatasetAudit.Progress) {
        guard !quiet, progress.total > 1 else { return }
        lock.withLock {
            if bar?.label != progress.step {
                bar = nil
                bar = ProgressBar(progress.step, total: progress.total)
            }
            bar?.update(completed: progress.done)
        }
    }

    /// Takes the bar away.
    func finish() { lock.withLock { bar = nil } }
}
