import Foundation
import TailorSupport
import Testing

@Suite struct QuotingTests {
    @Test(arguments: [
        ("runs/first-2_a.b", "runs/first-2_a.b"), ("my runs/a", "'my runs/a'"), ("", "\'\'"),
        ("größe", "größe"), ("a$b", "'a$b'"), ("a\u{1B}[2Jb", "'a\\u{1b}[2Jb'"), ("~/x", "'~/x'"),
    ])
    func oneWordOfACommandLine(_ text: String, _ expected: String) {
        #expect(text.quotedForShell == expected)
    }

    /// The shell itself reads it back.
    @Test func theShellReadsItBack() throws {
        for text in ["a b", "it's", "x;y&z|(*)", "\"quoted\"", "`a`$(b)", "ends in \\", "größe !"] {
            let process = Process()
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", "printf %s \(text.quotedForShell)"]
            let pipe = Pipe()
            process.standardOutput = pipe
            try process.run()
            #expect(try pipe.fileHandleForReading.readToEnd() == Data(text.utf8))
            process.waitUntilExit()
        }
    }
}
