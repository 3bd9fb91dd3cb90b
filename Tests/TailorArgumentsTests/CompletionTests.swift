import Foundation
import TailorArguments
import Testing

/// The same questions to the real shells.
@Suite struct CompletionTests {
    @Test(.enabled(if: ShellSession.has("bash"))) func bash() throws {
        let session = try ShellSession()
        try session.write(ShellDrivers.bash, to: "drive")
        check(try answers(session, "bash", ["--norc", "../drive"]), in: session)
    }

    @Test(.enabled(if: ShellSession.has("zsh"))) func zsh() throws {
        let session = try ShellSession()
        try session.write(ShellDrivers.zsh, to: "drive")
        try session.write(ShellDrivers.zshChild, to: "child.zsh")
        check(try answers(session, "zsh", ["-f", "../drive"]), in: session)
        let descriptions = session.read("described").split(separator: "\n").map {
            words($0).joined(separator: " ")
        }
        for expected in [
            "data -- Look after data",
            "doctor -- Say what was found here: \"libraries\", it's [GPUs]",
            "-- Off: Fit the head first",
            "-- A [label]: it's \"$HOME\" `x` \\ and %s; e.g. this, the network's",
        ] {
            #expect(descriptions.contains(expected))
        }
    }

    @Test(.enabled(if: ShellSession.has("fish"))) func fish() throws {
        let session = try ShellSession()
        try session.write(ShellDrivers.fish, to: "drive")
        var answers = try answers(session, "fish", ["--no-config", "../drive"])
        // fish adds what merely contains the letters; it inserts none of it while there is a beginning.
        for (index, answer) in answers.enumerated() {
            let typed = answer.typed.split(separator: " ", omittingEmptySubsequences: false).last ?? ""
            answers[index].offered = answer.offered.filter { $0.hasPrefix(typed) }
        }
        check(answers, in: session)
    }

    @Test(.enabled(if: ShellSession.has("fish"))) func descriptionsInFish() throws {
        let session = try ShellSession()
        let output = try session.run(
            "fish",
            [
                "--no-config", "-c",
                "source ../tailor.fish; complete -C 'tailor d'; complete -C 'tailor train d --l'; "
                    + "complete -C 'tailor train d --no-p'",
            ])
        #expect(output.contains("data\tLook after data\n"))
        #expect(output.contains("doctor\tSay what was found here: \"libraries\", it's [GPUs]\n"))
        #expect(output.contains("--no-probe\tOff: Fit the head first\n"))
        #expect(
            output.contains("--label\tA [label]: it's \"$HOME\" `x` \\ and %s; e.g. this, the network's\n"))
    }

    /// zsh pads descriptions into a table.
    private func words(_ line: Substring) -> [Substring] { line.split(separator: " ") }

    private typealias Answer = (typed: String, offered: [String])

    private func answers(_ session: ShellSession, _ shell: String, _ arguments: [String]) throws -> [Answer] {
        try session.write(CompletionTable.rows.map { $0.typed + "\n" }.joined(), to: "lines")
        var answers: [Answer] = []
        for line in try session.run(shell, arguments).split(separator: "\n").map(String.init) {
            if line.hasPrefix("$ ") {
                answers.append((String(line.dropFirst(2)), []))
            } else if !answers.isEmpty {
                answers[answers.count - 1].offered.append(String(line.prefix { $0 != "\t" }))
            }
        }
        return answers
    }

    /// Whether a folder ends with a slash is the shell's own to decide.
    private func check(_ answers: [Answer], in session: ShellSession) {
        #expect(answers.map(\.typed) == CompletionTable.rows.map(\.typed))
        for (answer, row) in zip(answers, CompletionTable.rows) {
            let expected = row.offered.map(withoutSlash).sorted()
            #expect(answer.offered.map(withoutSlash).sorted() == expected, "\(row.typed)")
        }
    }

    private func withoutSlash(_ word: String) -> String {
        word.hasSuffix("/") ? String(word.dropLast()) : word
    }
}
