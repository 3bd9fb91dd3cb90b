import Foundation
import TailorDatasets
import TailorSupport

/// Rows of a CSV, separated by commas, semicolons, tabs or bars.
struct CSVFile {
    private static let maximumBytes = 256 << 20

    let records: [CSV.Record]
    /// Whether `tailor split` wrote it.
    let isOwn: Bool
    let delimiter: CSV.Delimiter

    /// Reads a CSV of at most 256 MiB in UTF-8, or in UTF-16 with a byte order mark.
    ///
    /// - Parameter expectation: reason for refusing a file in another encoding.
    /// - Throws: `SplitError.unusableSource`.
    init(_ path: String, expectation: String) throws {
        do {
            let data = try RegularFile.contents(
                of: URL(fileURLWithPath: path), maximumBytes: Self.maximumBytes)
            guard let text = String(textFile: data) else {
                throw SplitError.unusableSource(path: path, reason: expectation)
            }
            delimiter = CSV.Delimiter(of: text)
            let all = try CSV.records(text, delimiter: delimiter)
            // Excel says on a line of its own how the fields are separated.
            let isHint = all.first.map { $0.fields.joined().lowercased().hasPrefix("sep=") } ?? false
            (records, isOwn) = ManifestHeader.read(isHint ? Array(all.dropFirst()) : all)
        } catch let error as FileError {
            throw SplitError.unusableSource(path: path, reason: error.reason)
        } catch let error as CSVError {
            throw SplitError.unusableSource(path: path, reason: "\(error)")
        }
    }

    /// Note on how the file was understood; empty for commas.
    var notes: [String] {
        delimiter == .comma ? [] : ["the fields are separated by \(delimiter.plural)"]
    }
}

/// First line of a CSV. Names of columns count without case, spaces and punctuation.
struct CSVHeader {
    /// What a column says, by the names that tools give it; those of a later list count only where there are
    /// none of an earlier one.
    enum Column: String {
        case path, label, group

        fileprivate var names: [Set<String>] {
            switch self {
            case .path:
                [
                    ["path"],
                    [
                        "filename", "file", "filepath", "image", "imagepath", "imagename", "imagefile", "img",
                        "imgpath", "imgname",
                    ],
                    ["imageid", "imgid", "id", "name"],
                ]
            case .label:
                [["label"], ["class", "classname", "category", "categoryname", "labelname", "target"]]
            case .group: [["group"]]
            }
        }
    }

    let file: String
    let fields: [String]
    private let keys: [String]

    init(_ fields: [String], file: String) {
        self.file = file
        self.fields = fields
        keys = fields.map { field in
            String(
                String.UnicodeScalarView(
                    field.lowercased().unicodeScalars.filter {
                        $0.properties.isAlphabetic || ("0"..."9").contains($0)
                    }))
        }
    }

    /// Index of the first column with one of these names, the first names first.
    func index(_ names: String...) -> Int? { names.lazy.compactMap { keys.firstIndex(of: $0) }.first }

    /// Index of a column; nil if there is none. Throws `SplitError.header` when several may be meant.
    func index(_ column: Column) throws -> Int? {
        for names in column.names {
            let found = keys.indices.filter { names.contains(keys[$0]) }
            guard let first = found.first else { continue }
            guard found.count > 1 else { return first }
            if Set(found.map { keys[$0] }).count == 1 {
                throw SplitError.header(
                    path: file,
                    reason: "the column \(fields[first].trimmed.printable) is there \(found.count) times")
            }
            throw SplitError.header(
                path: file,
                reason: "the columns \(found.map { fields[$0].trimmed }.listed()) may all be the "
                    + "\(column.rawValue): call the one that is meant \(column.rawValue)")
        }
        return nil
    }

    /// Note on columns that were taken for others; empty where each has its own name.
    func notes(_ columns: (Column, Int)...) -> [String] {
        let other = columns.filter { keys[$0.1] != $0.0.rawValue }
        guard !other.isEmpty else { return [] }
        return [
            other.map { "\($0.0.rawValue) is the column \(fields[$0.1].trimmed.printable)" }
                .joined(separator: ", ")
        ]
    }
}
