import Foundation
import TestSupport
import Testing

/// From the command line to the exit code.
@Suite struct ProgramTests {
    @Test func anAnswerGoesToStandardOutput() throws {
        let outcome = try BuiltProgram.run(["end", "answer"], program: "TestProgram")
        #expect(outcome.code == 0 && outcome.output == "the answer\n" && outcome.errors == "on the way\n")
    }

    @Test func versionAndHelpAreAnswers() throws {
        let version = try BuiltProgram.run(["--version"], program: "TestProgram")
        #expect(version.code == 0 && version.output == "1.5\n" && version.errors.isEmpty)
        let help = try BuiltProgram.run(["end", "--help"], program: "TestProgram")
        #expect(help.code == 0 && help.errors.isEmpty)
        #expect(help.output.contains("USAGE: TestProgram end <way>"))
    }

    /// One that does not say is a failure of the work. What is printed is escaped: names come from somewhere.
    @Test(arguments: [
        ("work", 1, "error: it went \\u{1b}[31mwrong\n"), ("input", 2, "error: it went \\u{1b}[31mwrong\n"),
        ("gate", 3, "error: it went \\u{1b}[31mwrong\n"), ("other", 1, "error: Plain()\n"),
        ("usage", 2, "error: these two exclude each other\nSee 'TestProgram end --help'.\n"),
        // It has said already what there was to say.
        ("silent", 3, ""),
    ])
    func anErrorSaysWithWhichCodeItEnds(_ way: String, _ code: Int32, _ errors: String) throws {
        let outcome = try BuiltProgram.run(["end", way], program: "TestProgram")
        #expect(outcome.code == code && outcome.output.isEmpty && outcome.errors == errors, "\(outcome)")
    }

    /// Libraries are not taken down: threads that still use them would crash the end of a program that has done its work.
    @Test func nothingRunsAfterTheEnd() throws {
        let outcome = try BuiltProgram.run(["end", "hooked"], program: "TestProgram")
        #expect(outcome.code == 0 && outcome.output == "the answer\n" && outcome.errors.isEmpty, "\(outcome)")
    }

    @Test func mistakesOfTheCommandLineAreUsageErrors() throws {
        let outcome = try BuiltProgram.run(["end", "answer", "--loud"], program: "TestProgram")
        #expect(outcome.code == 2 && outcome.output.isEmpty)
        #expect(outcome.errors == "error: unknown option --loud\nSee 'TestProgram end --help'.\n")
    }
}

#if os(Linux)
    /// Streams that are full, closed or broken.
    @Suite struct BrokenStreamTests {
        /// `TestProgram end` with what a shell makes of `line`.
        private func shell(_ line: String) throws -> BuiltProgram.Outcome {
            try BuiltProgram.run(
                ["-c", "\"$0\" end \(line)", BuiltProgram.url("TestProgram").path],
                executable: URL(filePath: "/bin/sh"))
        }

        /// A file that was opened since does not take the answer either.
        @Test(arguments: [
            ("answer >/dev/full", "no space left on device"), ("answer >&-", "bad file descriptor"),
            ("file >&-", "bad file descriptor"), ("answer <&- >&-", "bad file descriptor"),
        ])
        func anAnswerThatIsLostIsAFailure(_ line: String, _ reason: String) throws {
            let outcome = try shell(line)
            #expect(outcome.code == 1 && outcome.output.isEmpty)
            let lost = "error: the result could not be written to standard output: \(reason)"
            #expect(outcome.errors.split(separator: "\n").last?.hasPrefix(lost) == true, "\(outcome.errors)")
        }

        @Test(arguments: ["answer 2>/dev/full", "answer 2>&-", "file 2>&-"])
        func aMessageThatIsLostIsNone(_ line: String) throws {
            let outcome = try shell(line)
            #expect(outcome.code == 0 && outcome.output == "the answer\n")
        }

        /// `script` with the program as `$0` and a name for a file as `$1`; signals do as in a terminal.
        private func withFile(_ script: String) throws -> BuiltProgram.Outcome {
            let folder = try TemporaryFolder()
            return try BuiltProgram.run(
                [
                    "--default-signal=PIPE,XFSZ", "/bin/sh", "-c", script,
                    BuiltProgram.url("TestProgram").path, folder.file("file").path,
                ], executable: URL(filePath: "/usr/bin/env"))
        }

        /// Whoever read has gone, as after `2>&1 | head`: descriptor 4 is a pipe that nobody reads.
        @Test func aReaderWhoHasGoneEndsNothing() throws {
            func unread(_ line: String) throws -> BuiltProgram.Outcome {
                try withFile(
                    """
                    mkfifo "$1"; exec 3>&1 5<>"$1" 4>"$1" 5>&-
                    "$0" end \(line); echo "code $?" >&3
                    """)
            }
            #expect(try unread("answer 2>&4").output == "the answer\ncode 0\n")
            let lost = try unread("answer >&4")
            #expect(lost.output == "code 1\n")
            #expect(lost.errors.contains("could not be written to standard output: broken pipe"))
        }

        @Test func aFileThatMayNotGrowIsAFailure() throws {
            let outcome = try withFile("ulimit -f 0; exec \"$0\" end answer >\"$1\"")
            #expect(outcome.code == 1)
            #expect(outcome.errors.contains("could not be written to standard output: file too large"))
        }

        @Test(arguments: [("gate 2>&-", 3), ("usage 2>/dev/full", 2), ("answer >&- 2>&-", 1)])
        func theCodeIsTheSameWithoutAMessage(_ line: String, _ code: Int32) throws {
            #expect(try shell(line).code == code)
        }
    }
#endif
