/// Union-find over 0 ..< count with path halving (Tarjan and van Leeuwen, 1984).
package struct DisjointSets {
    private var parents: [Int]
    private var sizes: [Int]

    /// Starts with each element in a set of its own.
    package init(count: Int) {
        parents = Array(0..<count)
        sizes = Array(repeating: 1, count: count)
    }

    /// Size of the element's set.
    package mutating func size(of element: Int) -> Int { sizes[root(of: element)] }

    /// Smallest element of the element's set.
    package mutating func root(of element: Int) -> Int {
        var element = element
        while parents[element] != element {
            parents[element] = parents[parents[element]]
            element = parents[element]
        }
        return element
    }

    package mutating func join(_ a: Int, _ b: Int) {
        let (a, b) = (root(of: a), root(of: b))
        guard a != b else { return }
        // The smaller element becomes the root, so that the order of joins does not matter.
        parents[max(a, b)] = min(a, b)
        sizes[min(a, b)] += sizes[max(a, b)]
    }

    /// Sets of two or more elements, each sorted, ordered by their first element.
    package mutating func clusters() -> [[Int]] {
        var members: [Int: [Int]] = [:]
        for element in parents.indices { members[root(of: element), default: []].append(element) }
        return members.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
    }
}
