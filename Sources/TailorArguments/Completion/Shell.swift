/// A shell for which there is a ``CompletionScript``.
package enum Shell: String, CaseIterable, ArgumentValue, Sendable { case bash, zsh, fish }
