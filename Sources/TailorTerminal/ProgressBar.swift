import Foundation
import TailorSupport

/// Progress bar, redrawn in place on a terminal; elsewhere a line every 30 seconds.
///
///     epoch 2/5  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  1,024/1,574  loss 0.482  23.9 img/s  0:23 left
///
/// Not thread-safe. If released before `finish`, it clears its line, so that an error starts on an empty one.
package final class ProgressBar {
    /// Seconds between two redraws on a terminal.
    package static let redrawInterval = 0.1
    /// Seconds between two lines elsewhere.
    package static let lineInterval = 30.0

    package let label: String
    package let total: Int
    package let unit: String
    private let terminal: Terminal
    private let write: (String) -> Void
    private let now: () -> Double
    private let start: Double
    private var lastOutput: Double?
    private var completed = 0
    private var loss: Double?
    private var isShown = false
    private var isFinished = false

    /// Starts the timer.
    ///
    /// - Parameters:
    ///   - total: units of work, 0 or more.
    ///   - write: receives the text; by default it goes to standard error.
    ///   - now: seconds of a monotonic clock; by default the system's.
    package init(
        _ label: String, total: Int, unit: String = "img", terminal: Terminal = .standardError(),
        write: ((String) -> Void)? = nil, now: (() -> Double)? = nil
    ) {
        self.label = label.printable
        self.total = max(0, total)
        self.unit = unit
        self.terminal = terminal
        self.write = write ?? { FileHandle.standardError.writeIgnoringErrors($0) }
        self.now = now ?? { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
        self.start = self.now()
        if !terminal.isInteractive { self.lastOutput = start }
    }

    deinit { wipe() }

    /// Updates the number of units done and the loss; redraws if the interval has passed.
    package func update(completed: Int, loss: Double? = nil) {
        guard !isFinished else { return }
        self.completed = completed
        self.loss = loss
        let time = now()
        if terminal.isInteractive {
            if let lastOutput, time - lastOutput < Self.redrawInterval, completed < total { return }
            write("\r" + barLine(width: terminal.columns - 1, at: time) + "\u{1B}[K")
            isShown = true
        } else {
            guard let lastOutput, time - lastOutput >= Self.lineInterval, completed < total else { return }
            write(([label] + statistics(at: time)).joined(separator: "  ") + "\n")
        }
        lastOutput = time
    }

    /// Prints a line of text without disturbing the bar.
    package func log(_ line: String) {
        wipe()
        write(line + "\n")
        lastOutput = terminal.isInteractive ? nil : lastOutput
    }

    /// Ends with a final line: `summary`, or the total and the rate.
    package func finish(_ summary: String? = nil) {
        guard !isFinished else { return }
        wipe()
        isFinished = true
        let seconds = now() - start
        var text = "\(label)  \(Format.count(completed)) \(unit) in \(Format.duration(seconds))"
        if let rate = rate(at: now()) { text += "  \(rate)" }
        if let loss { text += "  loss \(Format.fixed(loss))" }
        write((summary ?? text) + "\n")
    }

    private func wipe() {
        if isShown { write("\r\u{1B}[K") }
        isShown = false
    }

    private func statistics(at time: Double) -> [String] {
        var parts = ["\(Format.count(completed))/\(Format.count(total))"]
        if let loss { parts.append("loss \(Format.fixed(loss))") }
        if let rate = rate(at: time) { parts.append(rate) }
        if completed > 0, completed < total {
            let left = (time - start) / Double(completed) * Double(total - completed)
            parts.append("\(Format.clock(left)) left")
        }
        return parts
    }

    private func rate(at time: Double) -> String? {
        guard completed > 0, time > start else { return nil }
        return "\(Format.fixed(Double(completed) / (time - start), digits: 1)) \(unit)/s"
    }

    /// Label, bar and numbers within `width` cells: the bar shrinks first, then the line is cut.
    private func barLine(width: Int, at time: Double) -> String {
        let numbers = statistics(at: time).joined(separator: "  ")
        let room = min(40, width - label.displayWidth - numbers.displayWidth - 4)
        guard room >= 8 else { return "\(label)  \(numbers)".fitted(to: width) }
        let share = total == 0 ? 1 : min(1, max(0, Double(completed) / Double(total)))
        let filled = Int((share * Double(room)).rounded(.down))
        let (full, empty) = terminal.usesUnicode ? ("━", terminal.usesColor ? "━" : "─") : ("#", "-")
        let done = terminal.green(String(repeating: full, count: filled))
        let rest = terminal.dim(String(repeating: empty, count: room - filled))
        return "\(label)  \(done)\(rest)  \(numbers)"
    }
}

extension FileHandle {
    /// Writes text and ignores errors: progress that cannot be shown must not stop the work.
    fileprivate func writeIgnoringErrors(_ text: String) {
        try? write(contentsOf: Data(text.utf8))
    }
}
