import TailorArguments
import Testing

@Suite struct CompletionSyntaxTests {
    static let checks: [(program: String, arguments: [String], shell: Shell)] = [
        ("bash", ["-n"], .bash),
        ("shellcheck", ["--shell=bash"], .bash),
        ("zsh", ["-n"], .zsh),
        ("fish", ["--no-execute"], .fish),
    ].filter { ShellSession.has($0.0) }

    @Test(arguments: checks) func nothingIsWrong(
        _ check: (program: String, arguments: [String], shell: Shell)
    ) throws {
        let session = try ShellSession()
        for name in ["tailor", "tailor-runtime"] {
            let output = try session.run(check.program, check.arguments + ["../\(name).\(check.shell)"])
            #expect(output == "")
        }
    }

    @Test func firstLinesSayHowToInstall() {
        let script = CompletionScript(CommandTree(SampleRuntime.self))
        let bash =
            "tailor-runtime completion bash > ~/.local/share/bash-completion/completions/tailor-runtime\n"
        #expect(script.render(for: .bash).prefix(300).contains(bash))
        #expect(script.render(for: .zsh).hasPrefix("#compdef tailor-runtime\n"))
        #expect(
            script.render(for: .zsh).prefix(300).contains(
                "tailor-runtime completion zsh > ~/.zfunc/_tailor-runtime\n"))
        let fish = "tailor-runtime completion fish > ~/.config/fish/completions/tailor-runtime.fish\n"
        #expect(script.render(for: .fish).prefix(300).contains(fish))
    }
}
