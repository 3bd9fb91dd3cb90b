import Foundation
import TailorDatasets
import TailorSupport

extension SplitSource {
    private static let maximumCSVBytes = 256 << 20

    /// Opens a CSV with a header; its paths are relative to its folder and must exist.
    static func csv(_ path: String, groups: GroupSource?, skipsProblems: Bool) throws -> SplitSource {
        let records = try csvRecords(
            of: path, expectation: "expected a folder, or a CSV in UTF-8, got a file that is neither")
        guard let header = records.first else {
            throw SplitError.header(
                path: path, reason: "expected path,label or path,label,group; the file is empty")
        }
        let columns = try CSVColumns(header.fields, rows: records.dropFirst().map(\.fields), path: path)
        if columns.group != nil, groups != nil { throw SplitError.groupedTwice(path: path) }

        let root = DirectoryListing.resolved(path).map(RelativePath.folder) ?? RelativePath.folder(path)
        var table = CSVTable(root: root.isEmpty ? "/" : root, columns: columns)
        for record in records.dropFirst() { table.take(record) }
        var warnings = try settle(table.problems, in: path, skipping: skipsProblems)
        let names = Set(table.rows.map(\.label)).sorted { PathKey($0) < PathKey($1) }
        guard !names.isEmpty else {
            throw SplitError.nothingToSplit(path: path, reason: "no images are listed below the first line")
        }
        if names.count == 1 {
            throw SplitError.nothingToSplit(
                path: path, reason: "one class only (\(names[0].printable)): expected two or more")
        }
        let labels = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        let groups = try ImageGroups(groups, paths: table.rows.map(\.path), root: table.root)
        warnings += groups.warnings
        let images = table.rows.compactMap { row in
            labels[row.label].map {
                SplitImage(
                    path: row.path, label: $0, group: row.group ?? groups.group(of: row.path),
                    part: row.part, nameBasis: row.nameBasis)
            }
        }
        return SplitSource(
            path: path, root: table.root, classes: ClassList(names: names), images: images,
            warnings: similarNames(ClassList(names: names)) + warnings, notes: table.notes)
    }

    /// Reads a CSV of at most 256 MiB in UTF-8.
    ///
    /// - Parameter expectation: reason for refusing a file in another encoding.
    /// - Throws: `SplitError.unusableSource`.
    static func csvRecords(of path: String, expectation: String) throws -> [CSV.Record] {
        do {
            let data = try RegularFile.contents(of: URL(fileURLWithPath: path), maximumBytes: maximumCSVBytes)
            guard let text = String(textFile: data) else {
                throw SplitError.unusableSource(path: path, reason: expectation)
            }
            return try CSV.records(text)
        } catch let error as FileError {
            throw SplitError.unusableSource(path: path, reason: error.reason)
        } catch let error as CSVError {
            throw SplitError.unusableSource(path: path, reason: "\(error)")
        }
    }
}

/// Column indices of a CSV; other columns are ignored.
private struct CSVColumns {
    let path: Int
    let label: Int
    let group: Int?
    let split: SplitColumn?
    /// Where a manifest of `tailor split` says that the file lies, from its own folder.
    let file: Int?
    let count: Int

    init(_ header: [String], rows: [[String]], path file: String) throws {
        func column(_ name: String) throws -> Int? {
            let found = header.indices.filter { header[$0] == name }
            guard found.count <= 1 else {
                throw SplitError.header(
                    path: file, reason: "the column \(name) is there \(found.count) times")
            }
            return found.first
        }
        guard let path = try column("path"), let label = try column("label") ?? column("class")
        else {
            throw SplitError.header(
                path: file,
                reason: "expected path,label or path,label,group, got \(CSV.line(header).printable)")
        }
        self.path = path
        self.label = label
        group = try column("group")
        split = SplitColumn(header: header, rows: rows)
        self.file = split == nil ? nil : try column("file")
        count = header.count
    }
}

/// Valid rows, and the problems of the others.
private struct CSVTable {
    struct Row {
        let line: Int
        let path: String
        let label: String
        let group: String?
        let part: SplitPart?
        let nameBasis: String
    }

    let root: String
    private let columns: CSVColumns
    private(set) var rows: [Row] = []
    private(set) var problems: [FileProblem] = []
    private var rowOfPath: [PathKey: Int] = [:]
    private var repeated = 0
    private var trimmedLabels = 0

    init(root: String, columns: CSVColumns) {
        self.root = root
        self.columns = columns
    }

    var notes: [String] {
        var notes: [String] = []
        if let split = columns.split { notes.append("divided as the column \(split.name.printable) says") }
        if repeated > 0 {
            notes.append("\(counted(repeated, "row")) said again what an earlier one had said")
        }
        if trimmedLabels > 0 {
            notes.append("\(counted(trimmedLabels, "label")) read without the blanks around")
        }
        return notes
    }

    mutating func take(_ record: CSV.Record) {
        do throws(PathRefusal) {
            let row = try row(record)
            guard let earlier = rowOfPath[PathKey(row.path)].map({ rows[$0] }) else {
                if let reason = unusable(row.path) { throw PathRefusal(reason) }
                if record.fields[columns.label] != row.label { trimmedLabels += 1 }
                rowOfPath[PathKey(row.path)] = rows.count
                return rows.append(row)
            }
            guard earlier.label == row.label else {
                throw PathRefusal(
                    "\(row.path.printable) is \(row.label.printable) here and \(earlier.label.printable) "
                        + "on line \(earlier.line)")
            }
            guard earlier.part == row.part else {
                throw PathRefusal(
                    "\(row.path.printable) is in \(row.part?.rawValue ?? "") here and in "
                        + "\(earlier.part?.rawValue ?? "") on line \(earlier.line)")
            }
            guard earlier.group == row.group else {
                throw PathRefusal(
                    "\(row.path.printable) is in group \(row.group?.printable ?? "none") here and in "
                        + "\(earlier.group?.printable ?? "none") on line \(earlier.line)")
            }
            repeated += 1
        } catch {
            problems.append(FileProblem(path: "line \(record.line)", reason: error.reason))
        }
    }

    private func row(_ record: CSV.Record) throws(PathRefusal) -> Row {
        guard record.fields.count == columns.count else {
            throw PathRefusal(
                "expected \(columns.count) fields as on the first line, got \(record.fields.count)")
        }
        let group = columns.group.map { record.fields[$0] } ?? ""
        let part = columns.split?.part(of: record.fields)
        if let split = columns.split, part == nil { throw PathRefusal(split.refusal(of: record.fields)) }
        let path = try RelativePath.checked(record.fields[columns.path], mayLeave: columns.file != nil)
        let file = try columns.file.map { index throws(PathRefusal) in
            try RelativePath.checked(record.fields[index], mayLeave: true)
        }
        return Row(
            line: record.line, path: file ?? path,
            label: try ClassName.checked(record.fields[columns.label]), group: group.isEmpty ? nil : group,
            part: part, nameBasis: RelativePath.within(path))
    }

    /// Reason why a file cannot be used, without reading it; nil if it can.
    private func unusable(_ path: String) -> String? {
        guard IgnoredEntries.isImage(path) else { return "\(path.printable) is not named as an image" }
        do {
            _ = try RegularFile(reading: URL(fileURLWithPath: root + "/" + path))
            return nil
        } catch {
            return "\(path.printable): \((error as? FileError)?.reason ?? "\(error)")"
        }
    }
}
