/// Manual page of a program (section 1, mdoc(7)): every command with its arguments and options.
///
/// Source: mdoc(7), "MANUAL STRUCTURE".
package struct ManualPage {
    /// Exit code of the program and its meaning.
    package typealias Status = (code: Int, meaning: String)

    let root: CommandTree
    let date: String
    let exitStatus: [Status]

    /// Creates a page.
    ///
    /// - Parameter date: Date of the last change, for example 2025-11-26.
    package init(
        _ tree: CommandTree, date: String, exitStatus: [Status]
    ) {
        root = tree
        self.date = Self.spelledOut(date)
        self.exitStatus = exitStatus
    }

    /// Renders the page in ASCII, with a final newline.
    package func render() -> String {
        let lines =
            header + name + synopsis + description + commands + environment + status + examples
        return lines.joined(separator: "\n") + "\n"
    }

    private var program: String { root.description.name }

    private var header: [String] {
        [".Dd \(date)", ".Dt \(Roff.argument(program.uppercased())) 1", ".Os"]
    }

    private var name: [String] {
        var abstract = root.description.abstract
        while abstract.hasSuffix(".") { abstract.removeLast() }
        return [".Sh NAME", ".Nm " + Roff.argument(program)]
            + [".Nd " + Roff.prose(abstract).joined(separator: " ")]
    }

    private var synopsis: [String] {
        let leaves = root.all.filter(\.children.isEmpty)
        return [".Sh SYNOPSIS"]
            + leaves.flatMap { leaf in
                [".Nm"] + leaf.words.map { ".Cm " + Roff.argument($0) } + usage(leaf).map { "." + $0 }
            }
    }

    /// DESCRIPTION section; the discussion's verbatim lines go to EXAMPLES.
    private var description: [String] {
        let texts = TextWrapping.blocks(of: root.description.discussion).compactMap { block -> [String]? in
            if case .text(let text) = block { Roff.prose(text) } else { nil }
        }
        let paragraphs = texts.isEmpty ? [Roff.prose(root.description.abstract)] : texts
        return [".Sh DESCRIPTION"] + Array(paragraphs.joined(separator: [".Pp"]))
            + [".Pp", "The options"] + sharedOptions
    }

    private var commands: [String] {
        root.all.filter(\.children.isEmpty).flatMap { section($0) }
    }

    private var environment: [String] {
        [
            ".Sh ENVIRONMENT", ".Bl -tag -width NO_COLOR", ".It Ev COLUMNS",
            "Characters to a line of help; else the terminal's width, else 80.", ".It Ev NO_COLOR",
            "Where it is set and not empty, nothing is printed in colours.", ".El",
        ]
    }

    private var status: [String] {
        guard !exitStatus.isEmpty else { return [] }
        return [".Sh EXIT STATUS", ".Bl -tag -width Ds"]
            + exitStatus.flatMap { [".It \($0.code)"] + Roff.prose($0.meaning) } + [".El"]
    }

    private var examples: [String] {
        let lines = TextWrapping.blocks(of: root.description.discussion).flatMap { block -> [String] in
            if case .verbatim(let lines) = block { lines } else { [] }
        }
        return lines.isEmpty ? [] : [".Sh EXAMPLES"] + literal(lines)
    }

    /// Date as `.Dd` takes it: November 26, 2025; anything that is no date stays unchanged.
    private static func spelledOut(_ date: String) -> String {
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ]
        let parts = date.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, (1...12).contains(parts[1]) else { return date }
        return "\(months[parts[1] - 1]) \(parts[2]), \(parts[0])"
    }
}
