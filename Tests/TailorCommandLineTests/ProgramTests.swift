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

        /// Whoever read has gone, as after `2>&1 | head`.
        @Test func aReaderWhoHasGoneEndsNothing() throws {
            func piped(_ line: String) throws -> BuiltProgram.Outcome {
                let script = "{ sleep 0.5; \"$0\" end \(line); echo \"code $?\" >&3; } | true"
                return try BuiltProgram.run(
                    ["-c", "exec 3>&1; \(script)", BuiltProgram.url("TestProgram").path],
                    executable: URL(filePath: "/bin/sh"))
            }
            #expect(try piped("file 2>&1 >&3").output == "the answer\ncode 0\n")
            let lost = try piped("answer")
            #expect(lost.output == "code 1\n")
            #expect(lost.errors.contains("could not be written to standard output: broken pipe"))
        }

        @Test(arguments: [("gate 2>&-", 3), ("usage 2>/dev/full", 2), ("answer >&- 2>&-", 1)])
        func theCodeIsTheSameWithoutAMessage(_ line: String, _ code: Int32) throws {
            #expect(try shell(line).code == code)
        }
    }
#endif
