import TailorSupport

/// Column of a table that says which part of a split an image belongs to.
package struct SplitColumn: Sendable {
    package let index: Int
    package let name: String

    /// Finds the column: one called `split`, or one of another usual name if nothing but parts stands in it.
    ///
    /// - Parameters:
    ///   - header: names of the columns, in any case.
    ///   - rows: fields of the rows.
    package init?(header: [String], rows: some Sequence<[String]>) {
        let names = header.map { $0.trimmed.lowercased() }
        if let index = names.firstIndex(of: "split") {
            (self.index, name) = (index, header[index].trimmed)
            return
        }
        let usual = ["subset", "partition", "set", "data set", "dataset", "usage"]
        let found = names.indices.first { index in
            usual.contains(names[index])
                && rows.allSatisfy { !$0.indices.contains(index) || SplitName.part($0[index]) != nil }
        }
        guard let found else { return nil }
        (index, name) = (found, header[found].trimmed)
    }

    /// Part that a row's field names; nil for what is none.
    package func part(of fields: [String]) -> SplitPart? {
        fields.indices.contains(index) ? SplitName.part(fields[index]) : nil
    }

    /// Reason for refusing a row.
    package func refusal(of fields: [String]) -> String {
        let got = fields.indices.contains(index) ? fields[index].trimmed : ""
        return "expected train, val or test in the column \(name.printable), got "
            + (got.isEmpty ? "nothing" : "\"\(got.printable)\"")
    }
}
