import TailorDatasets
import TailorSupport

/// Images that stay in one part: a group, or several joined ones.
struct SplitUnit: Sendable {
    /// Name of the first of its groups, in byte order.
    let name: String
    /// Sort key of the draw, independent of other units: SHA-256 of the seed and the name.
    let key: String
    /// Indices of the items in ascending order.
    let items: [Int]
    /// Image counts of the classes that occur, by label.
    let counts: [ClassCount]

    struct ClassCount: Hashable, Sendable {
        let label: Int
        let count: Int
    }

    func count(of label: Int) -> Int { counts.first { $0.label == label }?.count ?? 0 }

    /// Units of the items, in the order of their keys. `together` must hold valid indices. Throws
    /// `ContentHashError`.
    static func units(of items: [SplitItem], together: [[Int]], seed: UInt64) throws -> [SplitUnit] {
        var ids: [GroupKey: Int] = [:]
        let groupOfItem = items.map { item in
            let key = GroupKey(item)
            let id = ids[key] ?? ids.count
            ids[key] = id
            return id
        }
        var sets = DisjointSets(count: ids.count)
        for joined in together {
            for (a, b) in zip(joined, joined.dropFirst()) { sets.join(groupOfItem[a], groupOfItem[b]) }
        }
        var members: [Int: [Int]] = [:]
        for index in items.indices { members[sets.root(of: groupOfItem[index]), default: []].append(index) }
        return try members.values.map { try SplitUnit(members: $0, of: items, seed: seed) }
            .sorted { ($0.key, PathKey($0.name)) < ($1.key, PathKey($1.name)) }
    }

    private init(members: [Int], of items: [SplitItem], seed: UInt64) throws {
        let names = members.map { PathKey(items[$0].group ?? items[$0].path) }
        name = names.min()?.path ?? ""
        var hasher = try ContentHasher()
        try hasher.update("\(seed)\n")
        try hasher.update(name)
        key = try hasher.finish()
        self.items = members
        var byLabel: [Int: Int] = [:]
        for index in members { byLabel[items[index].label, default: 0] += 1 }
        counts = byLabel.sorted { $0.key < $1.key }.map { ClassCount(label: $0.key, count: $0.value) }
    }
}

/// Key of a group: a name, or the path of an image without a group; the two cannot collide.
private struct GroupKey: Hashable {
    let isNamed: Bool
    let name: PathKey

    init(_ item: SplitItem) {
        isNamed = item.group != nil
        name = PathKey(item.group ?? item.path)
    }
}
