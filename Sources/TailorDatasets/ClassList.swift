/// The names of the classes; an index here is a label everywhere.
public struct ClassList: Codable, Sendable, Hashable {
    public let names: [String]

    public init(names: [String]) { self.names = names }

    public var count: Int { names.count }

    /// The label of a name, nil when there is no such class. Looks through the list: for a few lookups.
    public func index(of name: String) -> Int? { names.firstIndex(of: name) }
}
