import Foundation
import TailorSupport

/// List of files to exclude from training: one path from the dataset's folder per line.
///
/// A line in double quotes is a JSON string, for names with line breaks; empty lines and lines that begin
/// with `#` are skipped.
public struct ExclusionList: Sendable, Equatable {
    public let paths: [String]

    public init(_ paths: [String]) { self.paths = paths }

    /// Reads a list. Throws `FileError` when the file cannot be read, ``ExclusionListError`` for a line that
    /// is no path.
    public init(contentsOf url: URL) throws {
        let data = try RegularFile.contents(of: url, maximumBytes: 256 << 20)
        guard let text = String(data: data, encoding: .utf8) else {
            throw ExclusionListError(description: "\(url.path.printable): not a text in UTF-8")
        }
        var paths: [String] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.last == "\r" ? line.dropLast() : line
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard line.hasPrefix("\"") else {
                paths.append(String(line))
                continue
            }
            guard let path = try? JSONDecoder().decode(String.self, from: Data(line.utf8)) else {
                throw ExclusionListError(
                    description: "\(url.path.printable), line \(number + 1): expected a path or a JSON string"
                )
            }
            paths.append(path)
        }
        self.init(paths)
    }

    public func write(to url: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let lines = try paths.map { path -> String in
            let isPlain =
                !path.hasPrefix("\"") && !path.hasPrefix("#")
                && !path.unicodeScalars.contains { $0.value < 32 }
            return isPlain ? path : String(decoding: try encoder.encode(path), as: UTF8.self)
        }
        try AtomicFile.write(Data(lines.map { $0 + "\n" }.joined().utf8), to: url)
    }
}

/// Invalid exclusion list.
public struct ExclusionListError: CategorizedError, Equatable, Sendable {
    public var category: ErrorCategory { .input }

    public let description: String
}

extension DatasetFolder {
    /// Dataset without the listed training and validation images.
    ///
    /// Throws ``ExclusionListError`` when the list names files and none of them is here: it belongs to
    /// another folder. Throws `DatasetError` when a class loses all of its images.
    public func excluding(_ list: ExclusionList) throws -> DatasetFolder {
        let excluded = Set(list.paths.map(PathKey.init))
        func kept(_ samples: [Sample]) -> [Sample] {
            samples.filter { !excluded.contains(PathKey($0.relativePath)) }
        }
        let (train, validation) = (kept(train), validation.map(kept))
        let count =
            self.train.count + (self.validation?.count ?? 0) - train.count - (validation?.count ?? 0)
        guard count > 0 || list.paths.isEmpty else {
            let first = list.paths.first?.printable ?? ""
            throw ExclusionListError(
                description:
                    "none of the \(list.paths.count) excluded files is a training or validation image of "
                    + "\(root.printable); paths count from that folder (\(first))")
        }
        let left = Set(train.map(\.label))
        let lost = classes.names.indices.filter { !left.contains($0) }.map { classes.names[$0] }
        guard lost.isEmpty else { throw DatasetError.classesLost(names: lost, problems: []) }
        if let validation, validation.isEmpty { throw DatasetError.validationLost(problems: []) }
        return DatasetFolder(
            root: root, layout: layout, classes: classes, train: train, validation: validation,
            hasTest: hasTest,
            problems: problems.filter { !excluded.contains(PathKey($0.path)) }, warnings: warnings,
            notes: notes + ["left out by the list of exclusions: \(counted(count, "image"))"])
    }
}
