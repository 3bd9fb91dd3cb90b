/// Options declared elsewhere, under a title of their own in help.
@propertyWrapper package final class OptionGroup<Group: ArgumentGroup> {
    package let wrappedValue: Group
    let title: String?

    /// - Parameter title: Heading in help; `nil`: the options stand among the command's own.
    package init(_ title: String? = nil) {
        wrappedValue = Group()
        self.title = title
    }
}

/// An ``OptionGroup`` of whatever type.
protocol DeclaredGroup: AnyObject {
    var title: String? { get }
    var group: any ArgumentGroup { get }
}

extension OptionGroup: DeclaredGroup {
    var group: any ArgumentGroup { wrappedValue }
}
