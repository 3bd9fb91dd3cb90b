/// Suggestion of a name for a misspelt one.
package enum NearestName {
    /// Nearest name: the only one that begins with the text, else the one at the smallest edit distance, at
    /// most a third of the letters; `nil` if there is none.
    package static func of(_ text: String, among names: [String]) -> String? {
        let text = text.lowercased()
        guard !text.isEmpty, text.count <= 64 else { return nil }
        let beginning = names.filter { $0.lowercased().hasPrefix(text) }
        if beginning.count == 1, text.count >= 2 { return beginning[0] }
        let ranked = names.map { (name: $0, distance: distance(text, $0.lowercased())) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }),
            best.distance <= max(1, min(text.count, best.name.count) / 3)
        else { return nil }
        return best.name
    }

    /// Optimal string alignment distance (Damerau 1964; Levenshtein 1966): the number of insertions,
    /// deletions, substitutions and transpositions of neighbours.
    static func distance(_ first: String, _ second: String) -> Int {
        let (a, b) = (Array(first), Array(second))
        var previous: [Int] = []
        var row = Array(0...b.count)
        for i in 0..<a.count {
            var next = [i + 1]
            for j in 0..<b.count {
                var best = min(row[j] + (a[i] == b[j] ? 0 : 1), row[j + 1] + 1, next[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, previous[j - 1] + 1) }
                next.append(best)
            }
            (previous, row) = (row, next)
        }
        return row[b.count]
    }
}
