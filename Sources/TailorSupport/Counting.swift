extension [String] {
    /// For messages: at most `limit` of them, then how many more.
    package func listed(limit: Int = 10) -> String {
        let shown = prefix(limit).map(\.printable).joined(separator: ", ")
        return count > limit ? "\(shown) and \(count - limit) more" : shown
    }
}

/// `1 image`, `2 images`.
package func counted(_ count: Int, _ singular: String, _ plural: String? = nil) -> String {
    "\(count) \(count == 1 ? singular : plural ?? singular + "s")"
}
