import Foundation
import TestSupport
import Testing

#if os(Linux)
    @Suite struct PassConsoleTests {
        /// What `script` needs to give a program a terminal.
        private static var hasTerminal: Bool {
            FileManager.default.isExecutableFile(atPath: "/usr/bin/script")
        }

        /// What a terminal of plain ASCII shows of `TestProgram pass`.
        private func shown(_ arguments: String) throws -> String {
            let outcome = try BuiltProgram.run(
                ["-qec", "'\(BuiltProgram.url("TestProgram").path)' pass \(arguments)", "/dev/null"],
                executable: URL(filePath: "/usr/bin/script"),
                environment: ["TERM": "xterm", "NO_COLOR": "1", "LC_ALL": "C"])
            #expect(outcome.code == 0)
            return outcome.output
        }

        /// Two bars in one line, the second after the first was taken away; then a line of its own.
        @Test(.enabled(if: hasTerminal)) func stepsReplaceEachOther() throws {
            let text = try shown("400")
            let wipe = "\r\u{1B}[K"
            let steps = text.components(separatedBy: wipe)
            #expect(steps.count == 3 && steps.last == "done\r\n", "\(text)")
            for (step, label) in zip(steps, ["reading", "comparing"]) {
                let lines = step.components(separatedBy: "\r").dropFirst()
                #expect(!lines.isEmpty && lines.allSatisfy { $0.hasPrefix(label + "  ") }, "\(step)")
                // Threads finish in any order, but the last thing is always drawn.
                #expect(lines.contains { $0.contains("#####  400/400  ") }, "\(step)")
            }
        }

        @Test(.enabled(if: hasTerminal), arguments: ["1", "400 --quiet"])
        func nothingIsShownOfOneThingOrToThoseWhoWantNone(_ arguments: String) throws {
            #expect(try shown(arguments) == "done\r\n")
        }

        /// Elsewhere, a line now and then: nothing of a pass that is done at once.
        @Test func aFileGetsNoBar() throws {
            let outcome = try BuiltProgram.run(["pass", "400"], program: "TestProgram")
            #expect(outcome.code == 0 && outcome.output.isEmpty && outcome.errors == "done\n")
        }
    }
#endif
