import Foundation
import TailorDatasets
import TailorSupport

/// Groups of images from a CSV with the columns `path` and `group`; others are ignored.
public struct GroupTable: Sendable {
    struct Row {
        let line: Int
        let path: String
        /// Group; nil where the field is empty: the image is a group of its own.
        let group: String?
    }

    /// Path of the file as given.
    let file: String
    let rows: [Row]
    /// Lines that end before both columns, or name no path.
    let shortLines: [Int]

    /// Reads a file. Throws `SplitError` when it cannot be read or lacks a column.
    public init(contentsOf url: URL) throws {
        file = url.relativePath
        let path = url.path
        let table = try CSVFile(path, expectation: "expected a CSV in UTF-8")
        let records = table.records
        let header = records.first?.fields.map { $0.trimmed.lowercased() } ?? []
        guard let pathColumn = header.firstIndex(of: "path"), let groupColumn = header.firstIndex(of: "group")
        else {
            throw SplitError.header(path: path, reason: "expected the columns path and group")
        }
        var rows: [Row] = []
        var short: [Int] = []
        for record in records.dropFirst() {
            guard record.fields.count > max(pathColumn, groupColumn),
                !record.fields[pathColumn].trimmed.isEmpty
            else {
                short.append(record.line)
                continue
            }
            let group = table.isOwn ? record.fields[groupColumn] : record.fields[groupColumn].trimmed
            rows.append(
                Row(
                    line: record.line, path: record.fields[pathColumn], group: group.isEmpty ? nil : group))
        }
        self.rows = rows
        shortLines = short
    }
}
