/// A path as a key, compared by its bytes. Swift's own `==` holds two names for equal when they differ
/// only in Unicode normalisation, and a folder may well hold both.
package struct PathKey: Hashable, Sendable, Comparable {
    package let path: String

    package init(_ path: String) { self.path = path }

    package static func == (a: PathKey, b: PathKey) -> Bool { a.path.utf8.elementsEqual(b.path.utf8) }

    package static func < (a: PathKey, b: PathKey) -> Bool {
        a.path.utf8.lexicographicallyPrecedes(b.path.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in path.utf8 { hasher.combine(byte) }
    }
}
