/// Declared ``Option``, ``Flag`` or ``Argument``: its specification and how the parser fills it in.
struct Declaration {
    var specification: Specification
    /// Parses and stores a value.
    let take: (String) throws(ValueProblem) -> Void
    /// Sets a flag: `true`, or `false` for `--no-name`.
    let set: (Bool) -> Void

    init(_ specification: Specification, take: @escaping (String) throws(ValueProblem) -> Void) {
        self.specification = specification
        self.take = take
        set = { _ in }
    }

    init(_ specification: Specification, set: @escaping (Bool) -> Void) {
        self.specification = specification
        take = { _ in }
        self.set = set
    }
}

protocol Declared: AnyObject {
    func declaration() -> Declaration
}

/// Declarations of a command, its groups' included, in source order.
struct Declarations {
    private(set) var all: [Declaration] = []
    /// Groups in order of validation, innermost first.
    private(set) var groups: [any ArgumentGroup] = []

    /// Collects by reflection.
    ///
    /// - Parameter command: Command to run; subcommands are not visited.
    init(of command: any Command) {
        collect(command, heading: type(of: command).configuration.heading)
        groups.append(command)
    }

    private mutating func collect(_ group: any ArgumentGroup, heading: String) {
        for child in Mirror(reflecting: group).children {
            // A wrapped property is stored under its name with an underscore.
            let label = child.label.map { String($0.drop { $0 == "_" }) } ?? ""
            if let declared = child.value as? any Declared {
                var declaration = declared.declaration()
                if declaration.specification.name.isEmpty {
                    declaration.specification.name = Wording.kebab(label)
                }
                if declaration.specification.heading.isEmpty { declaration.specification.heading = heading }
                all.append(declaration)
            } else if let declared = child.value as? any DeclaredGroup {
                collect(declared.group, heading: declared.title ?? heading)
                groups.append(declared.group)
            }
        }
    }

    var arguments: [Declaration] { all.filter { $0.specification.kind == .argument } }
    var options: [Declaration] { all.filter { $0.specification.kind != .argument } }
}
