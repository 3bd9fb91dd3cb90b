extension StateDictionary {
    private struct Candidate {
        /// Empty for the root.
        var key: String
        var rank: Int
        var items: Items
    }

    /// Items of the dictionary that holds the network, see ``CheckpointSelection``. Values that are no
    /// tensors are left out.
    static func chosen(
        of document: PickleDocument, path: String
    ) throws(CheckpointError) -> (Items, CheckpointSelection) {
        guard case .dictionary(let root) = document.root else {
            throw .noStateDictionary(path: path, reason: "the file holds no dictionary")
        }
        let all = candidates(from: root, of: document)
        let most = all.reduce(0) { max($0, $1.items.count) }
        let large = all.filter { 4 * $0.items.count >= most }
        let least = large.reduce(Int.max) { min($0, $1.rank) }
        let best = large.filter { $0.rank == least }
        guard let taken = best.first else {
            throw .noStateDictionary(path: path, reason: "no dictionary of named tensors in the file")
        }
        guard best.count == 1 else {
            let keys = best.prefix(10).map { $0.key.isEmpty ? "the file itself" : $0.key }
            throw .noStateDictionary(
                path: path,
                reason: "the file holds \(best.count), choose one: "
                    + keys.joined(separator: ", "))
        }
        let (items, prefix) = try unwrapped(taken.items, path: path)
        let others = all.filter { $0.key != taken.key && !$0.key.isEmpty }.map(\.key)
        return (
            items,
            CheckpointSelection(key: taken.key.isEmpty ? nil : taken.key, others: others, prefix: prefix)
        )
    }

    /// Dictionaries with named tensors, the root and those up to three levels below. The limits hold against
    /// dictionaries that contain themselves.
    private static func candidates(from root: Int, of document: PickleDocument) -> [Candidate] {
        var found: [Candidate] = []
        var level = [(key: "", index: root)]
        var seen: Set<Int> = [root]
        for _ in 0...3 {
            var next: [(key: String, index: Int)] = []
            for (key, index) in level {
                var items: Items = []
                for (name, value) in document.dictionaries[index] {
                    guard case .string(let name) = name else { continue }
                    switch value {
                    case .tensor(let tensor): items.append((printable(name), document.tensors[tensor]))
                    case .dictionary(let inner):
                        let inside = key.isEmpty ? printable(name) : "\(key).\(printable(name))"
                        guard next.count < 1000, CheckpointSelection.rank(inside) != nil,
                            seen.insert(inner).inserted
                        else { continue }
                        next.append((inside, inner))
                    default: break
                    }
                }
                if !items.isEmpty {
                    found.append(
                        Candidate(key: key, rank: CheckpointSelection.rank(key) ?? 1, items: items))
                }
            }
            level = next
        }
        return found
    }

    /// Removes the prefix that `DataParallel` (`module.`) or `torch.compile` (`_orig_mod.`) adds to every
    /// name; a duplicate name is an error.
    private static func unwrapped(
        _ items: Items, path: String
    ) throws(CheckpointError) -> (Items, prefix: String) {
        var items = items
        var removed = ""
        for prefix in ["module.", "_orig_mod.", "module."]
        where items.allSatisfy({ $0.name.hasPrefix(prefix) }) {
            items = items.map { (String($0.name.dropFirst(prefix.count)), $0.tensor) }
            removed += prefix
        }
        var names: Set<String> = []
        for (name, _) in items where !names.insert(name).inserted {
            throw .damaged(path: path, reason: "two tensors named \(name)")
        }
        return (items, removed)
    }
}
