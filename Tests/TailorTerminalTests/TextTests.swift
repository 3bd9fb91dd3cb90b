import Foundation
import TailorEvaluation
import TailorTerminal
import Testing

@Suite struct FormatTests {
    @Test func numbers() {
        #expect([0, 999, 1000, -1_234_567].map(Format.count) == ["0", "999", "1,000", "-1,234,567"])
        #expect([0, 1, 2000].map { Format.count($0, "image") } == ["0 images", "1 image", "2,000 images"])
        #expect(Format.count(2, "class", plural: "classes") == "2 classes")
        #expect(Format.percent(0.81934) == "81.9 %")
        #expect(Format.percent(Interval(low: 0.788, high: 0.8469)) == "78.8–84.7 %")
        #expect(Format.percent(nil as Double?) == "n/a")
        #expect(Format.percent(.nan) == "n/a")
        #expect(Format.fixed(-0.0001) == "0.000")
        let significant: [(Double, String)] = [
            (0, "0"), (0.1, "0.1"), (0.00125, "0.00125"), (0.001, "0.001"), (3.2e-6, "3.2e-6"), (1, "1"),
            (12.345, "12.3"), (123_456, "123456"), (2e7, "2e7"), (1e-4, "0.0001"), (.infinity, "n/a"),
        ]
        for (value, text) in significant { #expect(Format.significant(value) == text) }
    }

    @Test func durations() {
        let cases: [(Double, String, String)] = [
            (0.44, "0.4 s", "0:00"), (7, "7.0 s", "0:07"), (9.96, "10 s", "0:10"),
            (59.6, "1 min 00 s", "1:00"),
            (123, "2 min 03 s", "2:03"), (3599.7, "1 h 00 min", "1:00:00"), (3900, "1 h 05 min", "1:05:00"),
            (-1, "0.0 s", "0:00"), (.infinity, "n/a", "-:--"),
        ]
        for (seconds, words, clock) in cases {
            #expect(Format.duration(seconds) == words)
            #expect(Format.clock(seconds) == clock)
        }
    }
}

@Suite struct TextTableTests {
    @Test func aligned() {
        var table = TextTable(columns: [.init("class"), .init("images", .right), .init("note")])
        table.add(["ok", "1,204", "fine"])
        table.add(["名前\n", "7"])
        #expect(
            table.render() == """
                class   images  note
                ok       1,204  fine
                名前\\n       7  

                """)
        let colored = Terminal(isInteractive: true, usesColor: true)
        #expect(table.render(on: colored).hasPrefix("\u{1B}[1mclass   images  note\u{1B}[0m\n"))
    }
}

@Suite struct TerminalTests {
    /// Standard error of a test run may be anything; a pipe is surely no terminal.
    @Test func aPipeIsPlain() {
        let pipe = Pipe()
        let terminal = Terminal(
            descriptor: pipe.fileHandleForWriting.fileDescriptor,
            environment: ["TERM": "xterm-256color", "LANG": "C.UTF-8"])
        #expect(!terminal.isInteractive && !terminal.usesColor && terminal.usesUnicode)
        #expect(terminal.columns == 80)
        #expect(terminal.bold("x") == "x")
    }

    @Test(arguments: [
        (["TERM": "xterm", "LANG": "en_US.utf8"], true, true, true),
        (["TERM": "xterm", "NO_COLOR": "1"], true, false, false),
        (["TERM": "xterm", "NO_COLOR": ""], true, true, false),
        (["TERM": "dumb"], false, false, false),
        ([:], false, false, false),
        (["TERM": "xterm", "LC_ALL": "C", "LANG": "C.UTF-8"], true, true, false),
    ])
    func aTerminal(environment: [String: String], isInteractive: Bool, usesColor: Bool, usesUnicode: Bool)
        throws
    {
        // The controlling end of a pseudo-terminal is a terminal too.
        let descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var size = winsize(ws_row: 24, ws_col: 43, ws_xpixel: 0, ws_ypixel: 0)
        let status = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
        try #require(status == 0)
        let terminal = Terminal(descriptor: descriptor, environment: environment)
        #expect(terminal.isInteractive == isInteractive)
        #expect(terminal.usesColor == usesColor)
        #expect(terminal.usesUnicode == usesUnicode)
        #expect(terminal.columns == (isInteractive ? 43 : 80))
    }
}
