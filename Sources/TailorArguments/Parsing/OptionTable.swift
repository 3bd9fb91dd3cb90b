/// Lookup of one command's options by spelling.
struct OptionTable {
    enum Match {
        case help
        case version
        case value(Declaration)
        case flag(Declaration, isOn: Bool)
    }

    private let options: [Declaration]

    init(_ options: [Declaration]) { self.options = options }

    /// Option with a long name; `nil` if there is none.
    func long(_ name: String) -> Match? {
        for declaration in options {
            let specification = declaration.specification
            if specification.name == name {
                return specification.kind == .flag ? .flag(declaration, isOn: true) : .value(declaration)
            }
            if specification.isNegatable, "no-" + specification.name == name {
                return .flag(declaration, isOn: false)
            }
        }
        switch name {
        case "help": return .help
        case "version": return .version
        default: return nil
        }
    }

    /// Option with a short name; `nil` if there is none.
    func short(_ letter: Character) -> Match? {
        if let declaration = options.first(where: { $0.specification.short == letter }) {
            return declaration.specification.kind == .flag
                ? .flag(declaration, isOn: true) : .value(declaration)
        }
        return letter == "h" ? .help : nil
    }

    /// Option nearest to a misspelt name, with its dashes; for `no-name` of a flag that is not negatable, the
    /// flag.
    func nearest(to name: String) -> String? {
        if name.hasPrefix("no-"), names.contains(String(name.dropFirst(3))) {
            return "--" + name.dropFirst(3)
        }
        return NearestName.of(name, among: names).map { "--" + $0 }
    }

    private var names: [String] {
        options.flatMap { option in
            let name = option.specification.name
            return option.specification.isNegatable ? [name, "no-" + name] : [name]
        } + ["help", "version"]
    }
}
