import Foundation

/// Capabilities of an output stream: rewriting lines, colour, Unicode, width.
public struct Terminal: Sendable {
    /// Whether lines can be rewritten in place.
    public let isInteractive: Bool
    /// Whether escape sequences for bold and colour may be used.
    public let usesColor: Bool
    /// Whether characters beyond ASCII can be shown.
    public let usesUnicode: Bool
    private let fixedColumns: Int
    private let descriptor: Int32?

    /// Creates a terminal of fixed width, for `Terminal.plain` and tests.
    public init(isInteractive: Bool, usesColor: Bool, usesUnicode: Bool = true, columns: Int = 80) {
        self.isInteractive = isInteractive
        self.usesColor = usesColor
        self.usesUnicode = usesUnicode
        self.fixedColumns = columns
        self.descriptor = nil
    }

    /// Detects the capabilities of a file descriptor.
    ///
    /// `NO_COLOR` (any value but empty, no-color.org) turns colour off; `TERM=dumb`, or none, also rewriting.
    public init(descriptor: Int32, environment: [String: String]) {
        let term = environment["TERM"] ?? ""
        let isTerminal = isatty(descriptor) == 1 && !term.isEmpty && term != "dumb"
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        self.isInteractive = isTerminal
        self.usesColor = isTerminal && (environment["NO_COLOR"] ?? "").isEmpty
        self.usesUnicode =
            locale?.uppercased().replacingOccurrences(of: "-", with: "").contains("UTF8") ?? false
        self.fixedColumns = 80
        self.descriptor = isTerminal ? descriptor : nil
    }

    /// Terminal of standard error, for progress and messages.
    public static func standardError() -> Terminal {
        Terminal(descriptor: STDERR_FILENO, environment: ProcessInfo.processInfo.environment)
    }

    /// Terminal of standard output, for results.
    public static func standardOutput() -> Terminal {
        Terminal(descriptor: STDOUT_FILENO, environment: ProcessInfo.processInfo.environment)
    }

    /// Terminal without capabilities, such as a file or pipe: lines only, no colour.
    public static let plain = Terminal(isInteractive: false, usesColor: false)

    /// Current width in cells, since a window may be resized; 80 if unknown.
    public var columns: Int {
        guard let descriptor else { return fixedColumns }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return fixedColumns }
        return Int(size.ws_col)
    }

    public func bold(_ text: String) -> String { styled(text, "1") }
    public func dim(_ text: String) -> String { styled(text, "2") }
    public func red(_ text: String) -> String { styled(text, "31") }
    public func green(_ text: String) -> String { styled(text, "32") }
    public func yellow(_ text: String) -> String { styled(text, "33") }
    public func cyan(_ text: String) -> String { styled(text, "36") }

    private func styled(_ text: String, _ code: String) -> String {
        usesColor && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
