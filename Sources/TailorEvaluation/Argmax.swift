extension RandomAccessCollection where Element: Comparable {
    /// Position of the largest element, counted from 0: the first of equals, as NumPy's argmax; `nil` of nothing.
    package var argmax: Int? {
        indices.max { self[$0] < self[$1] }.map { distance(from: startIndex, to: $0) }
    }
}
