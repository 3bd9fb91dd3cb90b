extension ManualPage {
    /// Subsection of one command.
    func section(_ node: CommandTree) -> [String] {
        let command = node.description
        let names = node.words.map { "Cm " + Roff.argument($0) }
        var lines = [".Ss " + words(command.title)]
        lines.append(".D1 " + (["Nm"] + names + usage(node)).joined(separator: " "))
        lines += [".Pp"] + Roff.prose(command.abstract)
        for block in TextWrapping.blocks(of: command.discussion) {
            switch block {
            case .text(let text): lines += [".Pp"] + Roff.prose(text)
            case .verbatim(let text): lines += literal(text)
            }
        }
        if !command.arguments.isEmpty { lines += list("Arguments", command.arguments) }
        for (heading, options) in command.sections {
            let own = options.filter { !Self.isShared($0) }
            if !own.isEmpty { lines += list(heading, own) }
        }
        return lines
    }

    /// Usage after the command's name, as macros without their dot.
    func usage(_ node: CommandTree) -> [String] {
        node.description.arguments.map { "Ar " + Roff.argument($0.name) + ($0.isRepeatable ? " ..." : "") }
            + ["Op Ar options"]
    }

    /// Verbatim lines without their common indentation.
    func literal(_ lines: [String]) -> [String] {
        let margin = lines.map { $0.prefix { $0 == " " }.count }.min() ?? 0
        return [".Bd -literal -offset indent"] + lines.map { Roff.literal(String($0.dropFirst(margin))) } + [
            ".Ed"
        ]
    }

    /// Sentence that lists the options common to all commands.
    var sharedOptions: [String] {
        let shared = root.description.options.filter(Self.isShared)
        let names = shared.enumerated().flatMap { index, option in
            (index > 0 ? ["and"] : []) + (option.short.map { [".Fl \($0) ,"] } ?? []) + [
                ".Fl " + Roff.long(option.name)
            ]
        }
        return names + ["are understood everywhere."]
    }

    /// Whether every command has the option, so that no section repeats it.
    private static func isShared(_ option: Specification) -> Bool {
        option.heading == "General" && ["help", "version"].contains(option.name)
    }

    private func list(_ heading: String, _ rows: [Specification]) -> [String] {
        var lines = [".Pp", ".Sy " + words(heading), ".Bl -tag -width Ds"]
        for row in rows {
            lines.append(item(row))
            lines += Roff.prose(row.explanation)
        }
        return lines + [".El"]
    }

    /// Words escaped one by one as arguments of a macro.
    private func words(_ text: String) -> String {
        text.split(separator: " ").map { Roff.argument(String($0)) }.joined(separator: " ")
    }

    private func item(_ row: Specification) -> String {
        guard row.kind != .argument else {
            return ".It Ar " + Roff.argument(row.name) + (row.isRepeatable ? " ..." : "")
        }
        var spellings = row.short.map { ["Fl \($0)"] } ?? []
        spellings.append("Fl " + Roff.long(row.name))
        if row.isNegatable { spellings.append("Fl " + Roff.long("no-" + row.name)) }
        let value = row.kind == .option ? " Ar " + Roff.argument(row.placeholder) : ""
        return ".It " + spellings.joined(separator: " , ") + value
    }
}
