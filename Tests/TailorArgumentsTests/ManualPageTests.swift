import TailorArguments
import Testing

@Suite struct ManualPageTests {
    private static let tree = CommandTree(SampleProgram.self)

    @Test(.enabled(if: ShellSession.has("mandoc"))) func mandocHasNothingToSay() throws {
        let session = try ShellSession()
        for root in [SampleProgram.self, SampleRuntime.self] as [any Command.Type] {
            try session.write(page(CommandTree(root)).render(), to: "page.1")
            let complaints = try session.run("mandoc", ["-T", "lint", "-W", "all", "../page.1"])
            #expect(complaints == "")
        }
    }

    @Test(.enabled(if: ShellSession.has("mandoc"))) func mandocShows() throws {
        try check { session in try session.run("mandoc", ["-T", "utf8", "-O", "width=78", "../page.1"]) }
    }

    @Test(.enabled(if: ShellSession.has("groff"))) func groffShows() throws {
        try check { session in
            try session.run("groff", ["-mdoc", "-T", "utf8", "-rLL=78n", "-ww", "-P", "-c", "../page.1"])
        }
    }

    @Test func isASCII() {
        #expect(page(Self.tree).render().allSatisfy { $0.isASCII })
    }

    private func page(_ tree: CommandTree) -> ManualPage {
        ManualPage(tree, date: "2025-11-26", exitStatus: [(0, "Done."), (2, "Refused.")])
    }

    private func check(_ render: (ShellSession) throws -> String) throws {
        let session = try ShellSession()
        let page = page(Self.tree).render()
        try session.write(page, to: "page.1")
        let text = plain(try render(session))
        for line in Self.expected {
            #expect(text.contains("\n" + line + "\n"), "\(line)")
        }
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 78 })
    }

    /// Without what prints bold and underlined on a typewriter: a letter, a backspace, a letter.
    private func plain(_ text: String) -> String {
        var result: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars {
            if scalar == "\u{8}" { _ = result.popLast() } else { result.append(scalar) }
        }
        return result.reduce(into: "") { $0.unicodeScalars.append($1) }
    }

    private static let expected = [
        "NAME",
        "SYNOPSIS",
        "     tailor predict model images ... [options]",
        "     tailor data check name file [options]",
        "     The options --version and -h, --help are understood everywhere.",
        "   tailor train",
        "           tailor train data [options]",
        "     Train on a folder.  More follows here.",
        "           tailor train 'my data'",
        #"     .PP 'quoted' -3 \n a…b"#,
        "     Data and output",
        "     -o, --output folder",
        "             Where the run's files go.",
        "             Seed of all randomness (default: 1).",
        "     --fit crop|pad|squash",
        #"             A [label]: it's "$HOME" `x` \ and %s; e.g. this, the network's"#,
        "             (one of plain, two words, it's $5 [a]:*, größe).",
        "     --probe, --no-probe",
        "     Machine",
        "             Threads that read images (1…256; default: one a core).",
        "     images ...",
        "     NO_COLOR  Where it is set and not empty, nothing is printed in colours.",
        "     2       Refused.",
        "EXAMPLES",
        "           tailor train data --output runs/first",
        "           tailor predict runs/first/model.onnx 'new images/'",
    ]
}
