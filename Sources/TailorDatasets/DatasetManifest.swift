import Foundation
import TailorSupport

/// Dataset as a CSV with the columns `split`, `path` and `class` (or `label`), a row an image; a column `file`,
/// as `tailor split` writes it, comes before `path`. Paths count from the folder of the CSV.
package struct DatasetManifest {
    struct Row {
        let part: SplitPart
        /// Path from `root`.
        let path: String
        let className: String
        /// Empty where the CSV names none.
        let group: String
    }

    /// Path of the CSV.
    let file: String
    /// Folder of the CSV.
    let root: String
    let rows: [Row]

    private static let maximumBytes = 256 << 20

    /// Manifest of a dataset's path: the CSV itself, or `split.csv` in a folder that holds no splits; nil for
    /// another folder.
    static func find(at path: String) throws -> DatasetManifest? {
        if isFile(path) { return try DatasetManifest(contentsOf: path) }
        return try fileInFolder(path).map(DatasetManifest.init(contentsOf:))
    }

    /// Path of the `split.csv` that divides the images of a folder without splits; nil if there is none.
    ///
    /// Throws `DatasetError.manifest` for one that cannot be read: without it, its test images would be trained on.
    package static func fileInFolder(_ path: String) throws -> String? {
        let file = path + "/split.csv"
        guard isFile(file) else { return nil }
        let top = try RootEntries(path: path)
        guard top.train == nil, top.validation == nil, top.test == nil else { return nil }
        do { _ = try table(of: file) } catch DatasetError.manifest(let path, let reason) {
            throw DatasetError.manifest(
                path: path, reason: reason + ". If it does not divide the images beside it, rename it")
        }
        return file
    }

    /// Folder that the paths of a dataset's images count from.
    package static func root(of path: String) -> String {
        let path = DatasetFolder.trimmed(path)
        guard isFile(path) else { return path }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        return DatasetFolder.trimmed(folder)
    }

    /// Throws `DatasetError.manifest` when the file cannot be read, lacks a column, or contradicts itself.
    init(contentsOf path: String) throws {
        let (records, isOwn, columns) = try Self.table(of: path)
        file = path
        root = Self.root(of: path)
        let home = DirectoryListing.resolved(root) ?? root
        var rows: [Row] = []
        var lines: [PathKey: (row: Int, line: Int)] = [:]
        for record in records.dropFirst() {
            func refused(_ reason: String) -> DatasetError {
                .manifest(path: path, reason: "line \(record.line): \(reason)")
            }
            guard record.fields.count == columns.count else {
                throw refused(
                    "expected \(columns.count) fields as on the first line, got \(record.fields.count)")
            }
            guard let part = columns.split.part(of: record.fields) else {
                throw refused(columns.split.refusal(of: record.fields))
            }
            let name = isOwn ? record.fields[columns.name] : record.fields[columns.name].trimmed
            var file = record.fields[columns.path]
            guard !name.isEmpty, !file.trimmed.isEmpty else { throw refused("expected a path and a class") }
            if file.begins(with: "/") { file = pathBetween(home, file) }
            while file.begins(with: "./") { file = String(Substring(file.utf8.dropFirst(2))) }
            let group = columns.group.map { record.fields[$0] } ?? ""
            let row = Row(part: part, path: file, className: name, group: group)
            if let earlier = lines[PathKey(file)] {
                let other = rows[earlier.row]
                guard other.part == part, other.className == name else {
                    throw refused(
                        "\(file.printable) is \(part.rawValue), \(name.printable) here and "
                            + "\(other.part.rawValue), \(other.className.printable) on line \(earlier.line)")
                }
                guard other.group == group else {
                    throw refused(
                        "\(file.printable) is in group \(group.isEmpty ? "none" : group.printable) here and in "
                            + "\(other.group.isEmpty ? "none" : other.group.printable) on line \(earlier.line)"
                    )
                }
                continue
            }
            lines[PathKey(file)] = (rows.count, record.line)
            rows.append(row)
        }
        self.rows = rows
    }

    /// Class folders of a part, as if its images lay in folders; entries that are no images, or are not there,
    /// become problems.
    func classFolders(
        of part: SplitPart, problems: inout [FileProblem]
    ) -> [ClassFolderScanner.ClassFolder] {
        var images: [String: [String]] = [:]
        for row in rows where row.part == part {
            images[row.className, default: []] += []
            guard IgnoredEntries.isImage(row.path) else {
                problems.append(FileProblem(path: row.path, reason: "not named as an image"))
                continue
            }
            do {
                guard case .file = try DirectoryListing.followedKind(of: root + "/" + row.path) else {
                    problems.append(FileProblem(path: row.path, reason: "not a file"))
                    continue
                }
                images[row.className, default: []].append(row.path)
            } catch {
                let reason = (error as? FileError)?.reason ?? "\(error)"
                problems.append(
                    FileProblem(
                        path: row.path, reason: reason == "a link to nothing" ? "no such file" : reason))
            }
        }
        return images.map { name, paths in
            ClassFolderScanner.ClassFolder(name: name, images: paths.sorted { PathKey($0) < PathKey($1) })
        }.sorted { PathKey($0.name) < PathKey($1.name) }
    }

    /// Warning of images in class folders beside a `split.csv` that has no row for them; nil without any.
    package static func unlisted(in folder: String, rows: Set<PathKey>) throws -> String? {
        var scanner = ClassFolderScanner(root: folder, forbidden: nil)
        let images = try scanner.classFolders(in: "").flatMap(\.images)
        let missing = images.filter { !rows.contains(PathKey($0)) }
        guard !missing.isEmpty else { return nil }
        return
            "\(counted(missing.count, "image")) of \(folder.printable) \(missing.count == 1 ? "is" : "are") not "
            + "in split.csv and not used: \(missing.listed(limit: 3))"
    }

    static func isFile(_ path: String) -> Bool {
        if case .file? = try? DirectoryListing.followedKind(of: path) { true } else { false }
    }

    /// Records, the header first, and where its columns stand. Throws `DatasetError.manifest`.
    private static func table(of path: String) throws -> (
        records: [CSV.Record], isOwn: Bool, columns: Columns
    ) {
        func refused(_ reason: String) -> DatasetError { .manifest(path: path, reason: reason) }
        do {
            let data = try RegularFile.contents(of: URL(fileURLWithPath: path), maximumBytes: maximumBytes)
            guard let text = String(textFile: data) else { throw refused(Columns.expectation) }
            // As spreadsheets of many countries save them.
            let (records, isOwn) = ManifestHeader.read(
                try CSV.records(text, delimiter: CSV.Delimiter(of: text)))
            return (records, isOwn, try Columns(records.first?.fields ?? []))
        } catch let error as Refusal {
            throw refused(error.reason)
        } catch let error as FileError {
            throw refused(error.reason)
        } catch let error as CSVError {
            throw refused("\(error)")
        }
    }

    private struct Refusal: Error {
        let reason: String
    }

    private struct Columns {
        static let expectation = "expected a folder, or a CSV with the columns split, path and class"

        let split: SplitColumn
        let path: Int
        let name: Int
        let group: Int?
        let count: Int

        init(_ header: [String]) throws {
            let names = header.map { $0.trimmed.lowercased() }
            guard let split = SplitColumn(header: header, rows: EmptyCollection<[String]>()),
                let path = names.firstIndex(of: "file") ?? names.firstIndex(of: "path"),
                let name = names.firstIndex(of: "class") ?? names.firstIndex(of: "label")
            else { throw Refusal(reason: Self.expectation) }
            (self.split, self.path, self.name, count) = (split, path, name, header.count)
            group = names.firstIndex(of: "group")
        }
    }
}
