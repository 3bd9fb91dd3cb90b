/// Union-find over 0 ..< count.
struct DisjointSets {
    private var parents: [Int]
    private var sizes: [Int]

    init(count: Int) {
        parents = Array(0..<count)
        sizes = Array(repeating: 1, count: count)
    }

    /// Of the set that this is in.
    mutating func size(of index: Int) -> Int { sizes[root(of: index)] }

    mutating func root(of index: Int) -> Int {
        var index = index
        while parents[index] != index {
            parents[index] = parents[parents[index]]
            index = parents[index]
        }
        return index
    }

    mutating func join(_ a: Int, _ b: Int) {
        let (a, b) = (root(of: a), root(of: b))
        // The smaller index leads, so that clusters come out in the order of their first members.
        guard a != b else { return }
        parents[max(a, b)] = min(a, b)
        sizes[min(a, b)] += sizes[max(a, b)]
    }

    /// Sets of two or more, each in order, by their first members.
    mutating func clusters() -> [[Int]] {
        var members: [Int: [Int]] = [:]
        for index in parents.indices { members[root(of: index), default: []].append(index) }
        return members.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
    }
}
