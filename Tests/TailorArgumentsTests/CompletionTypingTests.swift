import Foundation
import TailorArguments
import Testing

/// Interactive shells on a terminal: what a tabulator makes of the line.
@Suite(.enabled(if: ShellSession.hasTerminal)) struct CompletionTypingTests {
    @Test(.enabled(if: ShellSession.has("bash"))) func bash() throws {
        let session = try ShellSession()
        try session.write(ShellDrivers.bashStart, to: "start")
        try check(session, "bash --noprofile --rcfile ../start -i")
    }

    /// As in bash 3.2, where there is no `compopt`: after a quote, which readline adds itself, no blank comes.
    @Test(.enabled(if: ShellSession.has("bash"))) func oldBash() throws {
        let session = try ShellSession()
        try session.write("enable -n compopt\n" + ShellDrivers.bashStart, to: "start")
        let rows = CompletionTable.typing.filter { !$0.typed.contains("$HOME") }.map { row in
            let isQuoted = row.line.hasSuffix("\" ") || row.line.hasSuffix("' ")
            return (typed: row.typed, line: isQuoted ? String(row.line.dropLast()) : row.line)
        }
        try check(session, "bash --noprofile --rcfile ../start -i", rows)
    }

    /// From `$fpath`, as it is to be installed.
    @Test(.enabled(if: ShellSession.has("zsh"))) func zsh() throws {
        let session = try ShellSession()
        try FileManager.default.createDirectory(
            at: session.folder.appending(path: "functions"), withIntermediateDirectories: true)
        for program in ["tailor", "tailor-runtime"] {
            try session.write(session.read("\(program).zsh"), to: "functions/_\(program)")
        }
        try session.write(ShellDrivers.zshStart, to: ".zshrc")
        try check(session, "env ZDOTDIR=.. zsh -d -i")
    }

    @Test(.enabled(if: ShellSession.has("fish"))) func fish() throws {
        let session = try ShellSession()
        try session.write(ShellDrivers.fishStart, to: "start")
        try check(session, "fish --no-config -C 'source ../start' -i")
    }

    private func check(
        _ session: ShellSession, _ command: String,
        _ rows: [(typed: String, line: String)] = CompletionTable.typing
    ) throws {
        let keys = rows.map { $0.typed + "\t\u{14}" }.joined() + " exit\n"
        // Keys that come before the shell has its terminal would be echoed, not read.
        try session.write(keys, to: "keys")
        try session.run("sh", ["-c", "(sleep 0.7; cat ../keys) | script -qec \"$0\" /dev/null", command])
        let lines = session.read("typed").split(separator: "\n").map(String.init)
        #expect(lines == rows.map(\.line))
    }
}
