import TailorArguments
import TailorSupport

/// Name of a class on a command line.
package enum NamedClass {
    /// Checks that a class exists. Throws `UsageError` with the nearest name, or with the first ones.
    package static func check(_ name: String, option: String, among classes: [String]) throws {
        guard !classes.contains(name) else { return }
        let nearest = NearestName.of(name, among: classes)
        throw UsageError(
            "\(option): no class is called \(name.printable)"
                + (nearest.map { "; did you mean \($0.printable)?" } ?? ", expected \(classes.listed())"))
    }
}
