/// Set of options shared by the commands that declare it with ``OptionGroup``.
///
/// Its properties are declared with ``Option``, ``Flag`` and ``Argument``; a property's name in kebab case is
/// the name on the command line (`imageSize` is `--image-size`).
package protocol ArgumentGroup {
    init()

    /// Validates combinations of options once all have their values. Throws ``UsageError``.
    func validate() throws
}

extension ArgumentGroup {
    package func validate() throws {}
}

/// Options of a shared ``ArgumentGroup``, with their own heading in help.
@propertyWrapper package final class OptionGroup<Group: ArgumentGroup> {
    package let wrappedValue: Group
    let title: String?

    /// Includes a group.
    ///
    /// - Parameter title: Heading in help; `nil`: the options appear among the command's own.
    package init(_ title: String? = nil) {
        wrappedValue = Group()
        self.title = title
    }
}

/// Type-erased ``OptionGroup``.
protocol DeclaredGroup: AnyObject {
    var title: String? { get }
    var group: any ArgumentGroup { get }
}

extension OptionGroup: DeclaredGroup {
    var group: any ArgumentGroup { wrappedValue }
}
