import TailorDatasets
import TailorSupport

/// Renaming and merging of classes: `old=new`, several of them at once.
public struct ClassRenaming: Sendable {
    private let names: [PathKey: String]

    /// No renaming.
    public static let none = ClassRenaming(names: [:])

    private init(names: [PathKey: String]) { self.names = names }

    /// Parses texts of the form `old=new`. Throws `SplitError.renaming`.
    public init(_ texts: [String]) throws {
        var names: [PathKey: String] = [:]
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { String($0).trimmed }
            guard parts.count == 2, !parts[0].isEmpty else {
                throw SplitError.renaming("expected old=new, got \"\(text.printable)\"")
            }
            let new: String
            do throws(PathRefusal) {
                new = try ClassName.checked(parts[1])
            } catch {
                throw SplitError.renaming("\"\(text.printable)\": \(error.reason)")
            }
            if let other = names.updateValue(new, forKey: PathKey(parts[0])), other != new {
                throw SplitError.renaming(
                    "\(parts[0].printable) cannot become both \(other.printable) and \(new.printable)")
            }
        }
        self.names = names
    }

    var isEmpty: Bool { names.isEmpty }

    /// New name of a class; its own where it is not renamed.
    subscript(name: String) -> String { names[PathKey(name)] ?? name }

    /// Checks that every class to be renamed was there. Throws `SplitError.renaming`.
    func check(_ found: [String]) throws {
        let known = Set(found.map(PathKey.init))
        let missing = names.keys.filter { !known.contains($0) }.sorted()
        guard let first = missing.first else { return }
        throw SplitError.renaming(
            "there is no class \(first.path.printable) to rename: the classes are "
                + known.sorted().map(\.path).listed())
    }
}
