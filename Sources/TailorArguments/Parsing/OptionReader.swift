/// Reader of one command's options and arguments in POSIX and GNU style: in any order, `--name value`,
/// `--name=value`, `-n value`, `-nvalue`, `-n=value`, combined short flags, `--` before arguments that begin
/// with a minus.
///
/// Source: IEEE Std 1003.1, chapter 12 (Utility Conventions), and GNU's long options. Long names are not
/// abbreviated, because a script would break with the next option.
struct OptionReader {
    enum Outcome { case values, help, version }

    private var rest: ArraySlice<String>
    private let options: OptionTable
    private let arguments: [Declaration]
    private let description: CommandDescription

    init(_ words: ArraySlice<String>, _ declarations: Declarations, description: CommandDescription) {
        rest = words
        options = OptionTable(declarations.options)
        arguments = declarations.arguments
        self.description = description
    }

    /// Fills in the declarations. Throws ``UsageError``.
    mutating func read() throws -> Outcome {
        do {
            return try readWords()
        } catch let error as UsageError {
            // A request for help anywhere takes precedence over the error.
            if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
                return .help
            }
            throw error
        }
    }

    private mutating func readWords() throws -> Outcome {
        var values: [String] = []
        while let word = rest.popFirst() {
            switch CommandLineWord(word) {
            case .value: values.append(word)
            case .terminator:
                values += rest
                rest = []
            case .long(let name, let value):
                if let outcome = try readLong(name, value) { return outcome }
            case .short(let letters):
                if let outcome = try readShort(letters, word) { return outcome }
            case .wrongDash(let name):
                guard options.long(name) == nil else {
                    throw UsageError(
                        "\(Wording.shown(word)): did you mean --\(name)? Its dash is another character")
                }
                values.append(word)
            }
        }
        try assign(values)
        return .values
    }

    private mutating func readLong(_ name: String, _ value: String?) throws -> Outcome? {
        guard let match = options.long(name) else {
            throw unknown("--" + name, nearest: options.nearest(to: name))
        }
        return try read(match, value, title: "--" + name)
    }

    /// Reads short options: `-qv` is `-q -v`; the first letter that takes a value takes the rest of the word.
    private mutating func readShort(_ letters: Substring, _ word: String) throws -> Outcome? {
        var letters = letters
        while let letter = letters.popFirst() {
            guard let match = options.short(letter) else {
                throw unknown(word, letter: letter)
            }
            guard case .value = match else {
                if letters.first == "=" {
                    throw UsageError("-\(letter) takes no value, got \(Wording.shown(word))")
                }
                if let outcome = try read(match, nil, title: "-\(letter)") { return outcome }
                continue
            }
            let value = letters.first == "=" ? letters.dropFirst() : letters
            return try read(match, letters.isEmpty ? nil : String(value), title: "-\(letter)")
        }
        return nil
    }

    /// Reads one option's value or sets a flag.
    ///
    /// - Parameter title: Option as it was typed.
    private mutating func read(_ match: OptionTable.Match, _ value: String?, title: String) throws -> Outcome?
    {
        guard case .value(let declaration) = match else {
            if let value { throw UsageError("\(title) takes no value, got \(Wording.shown(value))") }
            switch match {
            case .help: return .help
            case .version: return .version
            case .flag(let declaration, let isOn): declaration.set(isOn)
            case .value: break
            }
            return nil
        }
        try fill(declaration, try value ?? nextValue(for: declaration.specification, title), title: title)
        return nil
    }

    private func fill(_ declaration: Declaration, _ text: String, title: String) throws {
        guard !text.isEmpty else {
            throw UsageError("\(title): got an empty text (from a variable of the shell that is not set?)")
        }
        do throws(ValueProblem) {
            try declaration.take(text)
        } catch {
            let nearest = NearestName.of(text, among: declaration.specification.choices)
            throw UsageError(
                "\(title) \(Wording.shown(text)): expected \(error.expected)"
                    + (nearest.map { "; did you mean \($0)?" } ?? ""))
        }
    }

    private mutating func nextValue(for specification: Specification, _ title: String) throws -> String {
        guard let next = rest.first else {
            throw UsageError("\(title): its value is missing, as in \(title) <\(specification.placeholder)>")
        }
        switch CommandLineWord(next) {
        case .value, .wrongDash: break
        case .short where specification.isNumber && Double(next) != nil: break
        default:
            throw UsageError(
                "\(title): its value is missing before \(Wording.shown(next)), as in \(title) "
                    + "<\(specification.placeholder)> (one that begins with a minus is written \(title)=…)")
        }
        rest.removeFirst()
        return next
    }

    private func assign(_ values: [String]) throws {
        if values.count < arguments.count {
            let missing = arguments[values.count].specification
            throw withUsage("missing argument \(missing.title): \(missing.explanation)")
        }
        for (index, value) in values.enumerated() {
            let place = min(index, arguments.count - 1)
            guard place >= 0, index == place || arguments[place].specification.isRepeatable else {
                throw withUsage("unexpected argument \(Wording.quoted(value))")
            }
            try fill(arguments[place], value, title: arguments[place].specification.title)
        }
    }

    private func unknown(_ title: String, nearest: String?) -> UsageError {
        UsageError("unknown option \(Wording.shown(title))" + (nearest.map { ": did you mean \($0)?" } ?? ""))
    }

    /// Error for an unknown letter; for `-epochs` it suggests the second dash.
    private func unknown(_ word: String, letter: Character) -> UsageError {
        let (name, _) = CommandLineWord.divided(word.dropFirst())
        if name.count > 1, let nearest = options.nearest(to: name) { return unknown(word, nearest: nearest) }
        let text = Wording.shown(word)
        return UsageError(
            "unknown option \(name.count > 1 ? "-\(letter) in \(text)" : text) (a file whose name begins with a "
                + "minus is written ./\(text))")
    }

    private func withUsage(_ message: String) -> UsageError {
        var error = UsageError(message)
        error.usage = description.usage
        return error
    }
}
