import Foundation
import TailorDatasets
import TailorSupport

extension SplitSource {
    /// Opens a CSV with a header. Its paths are relative to its folder or absolute, and must exist.
    static func csv(
        _ path: String, groups: GroupSource?, renaming: ClassRenaming, skipsProblems: Bool
    ) throws -> SplitSource {
        let file = try CSVFile(
            path, expectation: "expected a folder, or a CSV in UTF-8, got a file that is neither")
        guard let first = file.records.first else {
            throw SplitError.header(
                path: path, reason: "expected path,label or path,label,group; the file is empty")
        }
        if CSVBoxColumns.isBoxes(first.fields) {
            throw SplitError.header(
                path: path,
                reason:
                    "its rows are boxes (\(CSV.line(first.fields).printable)): name the folder of the images as "
                    + "the source, and this file by --annotations")
        }
        let columns = try CSVColumns(
            first.fields, rows: file.records.dropFirst().map(\.fields), path: path)
        if columns.group != nil, groups != nil { throw SplitError.groupedTwice(path: path) }

        let root = DirectoryListing.resolved(path).map(RelativePath.folder) ?? RelativePath.folder(path)
        var table = CSVTable(root: root.isEmpty ? "/" : root, columns: columns, renaming: renaming)
        table.take(file.records.dropFirst())
        var warnings = try settle(table.problems, in: path, skipping: skipsProblems)
        let names = Set(table.rows.map(\.label)).sorted { PathKey($0) < PathKey($1) }
        guard !names.isEmpty else {
            throw SplitError.nothingToSplit(path: path, reason: "no images are listed below the first line")
        }
        try renaming.check(table.foundLabels.map(\.path))
        try checkSeveral(names, in: path)
        let labels = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        let groups = try ImageGroups(groups, paths: table.rows.map(\.path), root: table.root)
        warnings += groups.warnings
        let images = table.rows.compactMap { row in
            labels[row.label].map {
                SplitImage(
                    path: row.path, label: $0, group: row.group ?? groups.group(of: row.path),
                    part: row.part, nameBasis: row.nameBasis ?? row.path)
            }
        }
        return SplitSource(
            path: path, root: table.root, classes: ClassList(names: names), images: images,
            warnings: similarNames(ClassList(names: names)) + warnings,
            notes: file.notes + table.notes + columns.notes)
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
    let notes: [String]
    /// Whether `tailor split` wrote the table.
    let isOwn: Bool

    /// A field without the blanks around it, which in a table of others are slips.
    func text(_ field: String) -> String { isOwn ? field : field.trimmed }

    init(_ fields: [String], rows: [[String]], path file: String) throws {
        let header = CSVHeader(fields, file: file)
        guard let path = try header.index(.path), let label = try header.index(.label) else {
            throw SplitError.header(
                path: file,
                reason: "expected path,label or path,label,group, got \(CSV.line(fields).printable)")
        }
        self.path = path
        self.label = label
        group = try header.index(.group)
        split = SplitColumn(header: fields, rows: rows)
        self.file = split == nil || fields[path].trimmed.lowercased() != "path" ? nil : header.index("file")
        isOwn = ManifestHeader.isOwn(fields)
        count = fields.count
        notes = header.notes((.path, path), (.label, label))
    }
}

/// Valid rows, and the problems of the others.
private struct CSVTable {
    struct Row {
        let line: Int
        var path: String
        let label: String
        let group: String?
        var difference: ImageMatch.Difference?
        /// Path as the row has it.
        let field: String
        var part: SplitPart?
        /// Basis of the file's name where a manifest says where the file lies; else its path.
        var nameBasis: String?
    }

    /// What a row says.
    private struct Fields {
        var path: String
        let label: String
        let group: String?
        let part: SplitPart?
        var nameBasis: String?
    }

    private(set) var root: String
    private let columns: CSVColumns
    private let renaming: ClassRenaming
    /// Classes as the file names them.
    private(set) var foundLabels: Set<PathKey> = []
    private(set) var rows: [Row] = []
    private(set) var problems: [FileProblem] = []
    private var images: CSVImagePaths
    private var rowOfPath: [PathKey: Int] = [:]
    private var repeated = 0
    private var trimmedLabels = 0

    init(root: String, columns: CSVColumns, renaming: ClassRenaming) {
        self.renaming = renaming
        self.root = root
        self.columns = columns
        images = CSVImagePaths(root: root)
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
        return notes + ImageMatch.notes(rows.map { ($0.difference, $0.field, $0.path) })
    }

    /// Takes the rows; those that name a file exactly come before those that name one like it.
    mutating func take(_ records: ArraySlice<CSV.Record>) {
        var faults: [(line: Int, reason: String)] = []
        var inexact: [(record: CSV.Record, reason: PathRefusal)] = []
        for record in records {
            do throws(PathRefusal) {
                let fields = try fields(record)
                let path: String
                do throws(PathRefusal) {
                    path = try images.exact(fields.path, mayLeave: columns.file != nil)
                } catch {
                    inexact.append((record, error))
                    continue
                }
                try add(record, fields, path: path)
            } catch {
                faults.append((record.line, error.reason))
            }
        }
        let exact = Set(rows.map { PathKey($0.path) })
        for (record, reason) in inexact {
            do throws(PathRefusal) {
                let fields = try fields(record)
                guard let match = images.similar(fields.path), !exact.contains(PathKey(match.path)) else {
                    throw reason
                }
                try add(record, fields, path: match.path, difference: match.difference)
            } catch {
                faults.append((record.line, error.reason))
            }
        }
        rows.sort { $0.line < $1.line }
        problems = faults.sorted { $0.line < $1.line }
            .map { FileProblem(path: "line \($0.line)", reason: $0.reason) }
        widenRoot()
    }

    private mutating func add(
        _ record: CSV.Record, _ fields: Fields, path: String,
        difference: ImageMatch.Difference? = nil
    ) throws(PathRefusal) {
        guard let earlier = rowOfPath[PathKey(path)].map({ rows[$0] }) else {
            let label = record.fields[columns.label]
            if label != columns.text(label) { trimmedLabels += 1 }
            rowOfPath[PathKey(path)] = rows.count
            rows.append(
                Row(
                    line: record.line, path: path, label: fields.label, group: fields.group,
                    difference: difference, field: fields.path, part: fields.part, nameBasis: fields.nameBasis
                ))
            return
        }
        // Two names that are only like the file's may mean two files.
        if earlier.difference != nil || difference != nil, PathKey(earlier.field) != PathKey(fields.path) {
            throw PathRefusal(
                "there is no image \(fields.path.printable); \(path.printable), the only one like it, is named "
                    + "on line \(earlier.line)")
        }
        guard earlier.label == fields.label else {
            throw PathRefusal(
                "\(path.printable) is \(fields.label.printable) here and \(earlier.label.printable) "
                    + "on line \(earlier.line)")
        }
        guard earlier.part == fields.part else {
            throw PathRefusal(
                "\(path.printable) is in \(fields.part?.rawValue ?? "") here and in "
                    + "\(earlier.part?.rawValue ?? "") on line \(earlier.line)")
        }
        guard earlier.group == fields.group else {
            throw PathRefusal(
                "\(path.printable) is in group \(fields.group?.printable ?? "none") here and in "
                    + "\(earlier.group?.printable ?? "none") on line \(earlier.line)")
        }
        repeated += 1
    }

    private mutating func fields(_ record: CSV.Record) throws(PathRefusal) -> Fields {
        // Spreadsheets end rows with empty fields.
        let isLonger = record.fields.dropFirst(columns.count).contains { !$0.trimmed.isEmpty }
        guard record.fields.count >= columns.count, !isLonger else {
            throw PathRefusal(
                "expected \(columns.count) fields as on the first line, got \(record.fields.count)")
        }
        let label = try ClassName.checked(record.fields[columns.label], isOwn: columns.isOwn)
        guard !["nan", "<na>"].contains(label.lowercased()) else {
            throw PathRefusal("the class is \(label), which stands for a missing value")
        }
        let group = columns.group.map { columns.text(record.fields[$0]) } ?? ""
        foundLabels.insert(PathKey(label))
        let part = columns.split?.part(of: record.fields)
        if let split = columns.split, part == nil { throw PathRefusal(split.refusal(of: record.fields)) }
        var fields = Fields(
            path: columns.text(record.fields[columns.path]), label: renaming[label],
            group: group.isEmpty ? nil : group, part: part)
        if let file = columns.file {
            fields.nameBasis = RelativePath.within(try RelativePath.checked(fields.path, mayLeave: true))
            fields.path = columns.text(record.fields[file])
        }
        return fields
    }

    /// Moves the root up to the folder that holds all images, where some lie outside of the CSV's.
    private mutating func widenRoot() {
        guard rows.contains(where: { $0.path.begins(with: "/") }) else { return }
        func folders(_ path: String) -> [String] {
            path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
        }
        let absolute = rows.map {
            $0.path.begins(with: "/") ? folders($0.path) : folders(root + "/" + $0.path)
        }
        var shared = absolute[0].dropLast()
        for path in absolute {
            shared = shared.prefix(zip(shared, path).prefix { PathKey($0) == PathKey($1) }.count)
        }
        root = "/" + shared.joined(separator: "/")
        for (index, path) in absolute.enumerated() {
            rows[index].path = path.dropFirst(shared.count).joined(separator: "/")
        }
    }
}
