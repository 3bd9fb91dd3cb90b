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
    package static func fileInFolder(_ path: String) throws -> String? {
        let file = path + "/split.csv"
        guard isFile(file) else { return nil }
        let top = try RootEntries(path: path)
        guard top.train == nil, top.validation == nil, top.test == nil,
            let header = try? records(of: file).first, (try? Columns(header.fields)) != nil
        else { return nil }
        return file
    }

    /// CSV that `tailor split` left beside the splits that it made; nil without one, and for any other CSV.
    ///
    /// Throws `DatasetError.manifest` when it cannot be read to its end.
    static func besideSplits(in path: String) throws -> DatasetManifest? {
        let file = path + "/split.csv"
        // By its first line alone: what is torn further on is to be said.
        guard isFile(file),
            let data = try? RegularFile.contents(of: URL(fileURLWithPath: file), maximumBytes: maximumBytes),
            let line = String(textFile: data).flatMap({ String($0.unicodeScalars.prefix(200)).lines.first }),
            let header = try? CSV.parse(line).first, ManifestHeader.isOwn(header)
        else { return nil }
        return try DatasetManifest(contentsOf: file)
    }

    /// Groups of the images that have one, by path.
    var groups: [PathKey: String] {
        Dictionary(
            rows.filter { !$0.group.isEmpty }.map { (PathKey($0.path), $0.group) },
            uniquingKeysWith: { first, _ in first })
    }

    /// What is said of groups with several images; nil where there is none.
    func groupNote(of parts: Set<SplitPart>) -> String? {
        let members = Dictionary(
            rows.filter { parts.contains($0.part) && !$0.group.isEmpty }.map { ($0.group, 1) },
            uniquingKeysWith: +)
        guard members.values.contains(where: { $0 > 1 }) else { return nil }
        let name = URL(fileURLWithPath: file).lastPathComponent.printable
        return
            "\(name) has \(counted(members.count, "group")), which are kept whole unless --group-by says otherwise"
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
        let records: [CSV.Record]
        let isOwn: Bool
        let columns: Columns
        do {
            (records, isOwn) = ManifestHeader.read(try Self.records(of: path))
            columns = try Columns(records.first?.fields ?? [])
        } catch let error as Refusal {
            throw DatasetError.manifest(path: path, reason: error.reason)
        } catch let error as FileError {
            throw DatasetError.manifest(path: path, reason: error.reason)
        } catch let error as CSVError {
            throw DatasetError.manifest(path: path, reason: "\(error)")
        }
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

    private static func isFile(_ path: String) -> Bool {
        if case .file? = try? DirectoryListing.followedKind(of: path) { true } else { false }
    }

    private static func records(of path: String) throws -> [CSV.Record] {
        let data = try RegularFile.contents(of: URL(fileURLWithPath: path), maximumBytes: maximumBytes)
        guard let text = String(textFile: data) else { throw Refusal(reason: Columns.expectation) }
        return try CSV.records(text)
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
