/// Description of one option, flag or argument, from which parser, help, completion and manual page work.
package struct Specification: Sendable, Equatable {
    package enum Kind: Sendable { case option, flag, argument }

    package var kind: Kind
    /// Name without dashes; for an argument, without the angle brackets.
    package var name = ""
    package var short: Character?
    /// Whether `--no-name` is accepted, too.
    package var isNegatable = false
    package var isRequired = false
    /// Whether it may be given several times.
    package var isRepeatable = false
    package var help: String
    /// Placeholder for the value in help.
    package var placeholder = ""
    /// Allowed values; empty for any of the type.
    package var choices: [String] = []
    package var completion = Completion.none
    package var bounds: String?
    package var defaultText: String?
    /// Whether the value may begin with a minus.
    package var isNumber = false
    /// Title of the group in help.
    package var heading = ""

    /// Name as shown to a user: `--name`, or `<name>`.
    package var title: String { kind == .argument ? "<\(name)>" : "--\(name)" }
}

/// Candidates that a shell offers for a value.
package struct Completion: Sendable, Equatable {
    package enum Path: Sendable, Equatable {
        case folder
        /// File with one of these extensions (without the dot), or any file if empty.
        case file(extensions: [String])
    }

    package var words: [String] = []
    package var path: Path?

    package static let none = Completion()
    package static let folder = Completion(path: .folder)

    package static func file(_ extensions: String...) -> Completion {
        Completion(path: .file(extensions: extensions))
    }

    /// Completes suggested words; other values are allowed, too.
    package static func words(_ words: [String]) -> Completion { Completion(words: words) }

    /// Completes the words or a file.
    package func orFile(_ extensions: String...) -> Completion {
        Completion(words: words, path: .file(extensions: extensions))
    }
}
