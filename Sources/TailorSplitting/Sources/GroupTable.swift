import Foundation
import TailorDatasets
import TailorSupport

/// Groups of images from a CSV with the columns `path` and `group`; other columns are passed over.
public struct GroupTable: Sendable {
    private let groups: [PathKey: String]

    /// Throws `SplitError` when it cannot be read or lacks a column.
    public init(contentsOf url: URL) throws {
        let path = url.path
        let records: [CSV.Record]
        do {
            let data = try RegularFile.contents(of: url, maximumBytes: 256 << 20)
            guard let text = String(data: data, encoding: .utf8) else {
                throw SplitError.unusableSource(path: path, reason: "expected a CSV in UTF-8")
            }
            records = try CSV.records(text)
        } catch let error as FileError {
            throw SplitError.unusableSource(path: path, reason: error.reason)
        } catch let error as CSVError {
            throw SplitError.unusableSource(path: path, reason: "\(error)")
        }
        let header = records.first?.fields.map { $0.lowercased() } ?? []
        guard let pathColumn = header.firstIndex(of: "path"), let groupColumn = header.firstIndex(of: "group")
        else {
            throw SplitError.header(path: path, reason: "expected the columns path and group")
        }
        var groups: [PathKey: String] = [:]
        for record in records.dropFirst() where record.fields.count > max(pathColumn, groupColumn) {
            let group = record.fields[groupColumn]
            if !group.isEmpty { groups[PathKey(record.fields[pathColumn])] = group }
        }
        self.groups = groups
    }

    /// Nil for a path that is not listed.
    public func group(of path: String) -> String? { groups[PathKey(path)] }
}
