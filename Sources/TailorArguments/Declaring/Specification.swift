/// All that help, completion and manual page say of one option, flag or argument, and all that the parser needs to
/// recognise it.
package struct Specification: Sendable, Equatable {
    package enum Kind: Sendable { case option, flag, argument }

    package var kind: Kind
    /// Without dashes; of an argument, what stands in angle brackets.
    package var name = ""
    package var short: Character?
    /// `--no-name` is understood, too.
    package var isNegatable = false
    package var isRequired = false
    /// May be given several times.
    package var isRepeatable = false
    package var help: String
    /// Stands for the value in help.
    package var placeholder = ""
    /// The only values that are taken; empty: any of the type.
    package var choices: [String] = []
    package var completion = Completion.none
    package var bounds: String?
    package var defaultText: String?
    /// A value that begins with a minus may be one.
    package var isNumber = false
    /// The group's title.
    package var heading = ""

    /// `--name`, or `<name>`.
    package var title: String { kind == .argument ? "<\(name)>" : "--\(name)" }
}

/// What a shell offers for a value.
package struct Completion: Sendable, Equatable {
    package enum Path: Sendable, Equatable {
        case folder
        /// With one of these extensions (without the dot), or any.
        case file(extensions: [String])
    }

    package var words: [String] = []
    package var path: Path?

    package static let none = Completion()
    package static let folder = Completion(path: .folder)

    package static func file(_ extensions: String...) -> Completion {
        Completion(path: .file(extensions: extensions))
    }

    /// Words of a set that is not closed.
    package static func words(_ words: [String]) -> Completion { Completion(words: words) }

    /// The words, or a file.
    package func orFile(_ extensions: String...) -> Completion {
        Completion(words: words, path: .file(extensions: extensions))
    }
}
