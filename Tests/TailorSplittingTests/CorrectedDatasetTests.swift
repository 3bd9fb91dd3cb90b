import Foundation
import TailorDatasets
import TailorSplitting
import TailorSupport
import TestSupport
import Testing

/// `tailor check --apply`: corrected data beside the originals.
@Suite struct CorrectedDatasetTests {
    private let made: MadeDataset
    private let out: TemporaryFolder

    init() throws {
        made = try MadeDataset(
            ["ants", "bees"].flatMap { name in
                (0..<3).map { "train/\(name)/\($0).ppm" } + (0..<2).map { "val/\(name)/\($0).ppm" }
            } + ["train/bees/inner/7.ppm", "test/ants/0.ppm", "test/bees/1.ppm"])
        out = try TemporaryFolder()
    }

    private func decision(
        _ path: String, _ verdict: LabelDecision.Verdict, to name: String? = nil, old: String? = nil
    ) throws -> LabelDecision {
        LabelDecision(
            path: path, sha256: try ContentHash.sha256(contentsOf: made.url.appending(path: path)),
            oldLabel: old ?? String(path.split(separator: "/")[1]), verdict: verdict, newLabel: name)
    }

    private func decisions() throws -> DecisionList {
        try DecisionList([
            decision("train/bees/1.ppm", .relabel, to: "ants"),
            decision("train/bees/inner/7.ppm", .relabel, to: "ants"),
            decision("train/ants/0.ppm", .exclude), decision("val/ants/1.ppm", .relabel, to: "bees"),
            decision("train/ants/2.ppm", .keep),
        ])
    }

    private func corrected(
        _ decisions: DecisionList, to name: String, from source: URL? = nil
    ) throws -> CorrectedDataset.Summary {
        let source = source ?? made.url
        let data = try CorrectedDataset(
            source, decisions: decisions,
            destination: SplitDestination(
                out.file(name), mode: name.hasSuffix(".csv") ? .manifest : .copy, source: source))
        try data.write()
        return data.summary
    }

    private func bytes(_ path: String) throws -> Data { try Data(contentsOf: made.url.appending(path: path)) }

    @Test func aCopyWithItsLabels() throws {
        let before = FolderContents(made.url)
        let summary = try corrected(try decisions(), to: "copy")
        #expect(FolderContents(made.url) == before)
        let copy = try DatasetFolder.scan(out.file("copy"))
        #expect(
            copy.train.lines == [
                "train/ants/1-2.ppm 0", "train/ants/1.ppm 0", "train/ants/2.ppm 0",
                "train/ants/inner/7.ppm 0", "train/bees/0.ppm 1", "train/bees/2.ppm 1",
            ])
        #expect(
            copy.validation?.lines == [
                "val/ants/0.ppm 0", "val/bees/0.ppm 1", "val/bees/1-2.ppm 1", "val/bees/1.ppm 1",
            ])
        #expect(try Data(contentsOf: out.file("copy/train/ants/1-2.ppm")) == bytes("train/bees/1.ppm"))
        #expect(try Data(contentsOf: out.file("copy/test/ants/0.ppm")) == bytes("test/ants/0.ppm"))
        #expect(
            summary.renamed.map { [$0.path, $0.newPath] } == [
                ["train/bees/1.ppm", "train/ants/1-2.ppm"], ["val/ants/1.ppm", "val/bees/1-2.ppm"],
            ])
        #expect(summary.train == 6 && summary.validation == 4 && summary.test == 2)
        #expect(
            try DecisionList(contentsOf: out.file("copy/decisions.csv")).decisions
                == summary.decisions.decisions)
        // Carried out once, they do not fit any more.
        let again = try decisions()
        let message = message { _ = try corrected(again, to: "again", from: out.file("copy")) }
        #expect(message.contains("of 5 decisions do not fit"), "\(message)")
    }

    /// What split left beside the folders says which images belong together, and is known of the copy, too.
    @Test func aCopyKeepsItsGroups() throws {
        try Data(
            """
            split,path,class,group,file
            train,a.ppm,bees,one,train/bees/1.ppm
            train,b.ppm,bees,one,train/bees/0.ppm

            """.utf8
        ).write(to: made.url.appending(path: "split.csv"))
        _ = try corrected(DecisionList([decision("train/bees/1.ppm", .relabel, to: "ants")]), to: "copy")
        let groups = try DatasetFolder.scan(out.file("copy")).groups.byPath
        #expect(groups == [PathKey("train/ants/1-2.ppm"): "one", PathKey("train/bees/0.ppm"): "one"])
    }

    @Test func aListOfTheSameFiles() throws {
        let summary = try corrected(try decisions(), to: "corrected.csv")
        let listed = try DatasetFolder.scan(out.file("corrected.csv"))
        func names(_ samples: [Sample]?) -> [String] {
            (samples ?? []).map { "\($0.url.lastPathComponent) \(listed.classes.names[$0.label])" }
        }
        #expect(
            names(listed.train) == [
                "1.ppm ants", "2.ppm ants", "1.ppm ants", "7.ppm ants", "0.ppm bees", "2.ppm bees",
            ])
        #expect(names(listed.validation) == ["0.ppm ants", "1.ppm bees", "0.ppm bees", "1.ppm bees"])
        #expect(summary.renamed.isEmpty && listed.hasTest)
        #expect(try Data(contentsOf: listed.train[2].url) == bytes("train/bees/1.ppm"))
    }

    /// Of a CSV the groups stay, too.
    @Test func aListOfAList() throws {
        try Data(
            """
            split,path,class,group
            train,train/ants/0.ppm,ants,one
            train,train/ants/1.ppm,ants,two
            train,train/bees/0.ppm,bees,=three
            test,test/ants/0.ppm,ants,

            """.utf8
        ).write(to: made.url.appending(path: "list.csv"))
        let list = try DecisionList([decision("train/ants/1.ppm", .relabel, to: "bees")])
        let source = made.url.appending(path: "list.csv")
        #expect(
            message { _ = try corrected(list, to: "copy", from: source) }.contains(
                "a copy of images that a CSV divides would lose the division: name a .csv"))
        _ = try corrected(list, to: "new.csv", from: source)
        let rows = try CSV.parse(String(contentsOf: out.file("new.csv"), encoding: .utf8), isOwn: true)
        #expect(
            rows.map { Array($0.prefix(4)) } == [
                ["split", "path", "class", "group"], ["train", "train/ants/0.ppm", "ants", "one"],
                ["train", "train/ants/1.ppm", "bees", "two"],
                ["train", "train/bees/0.ppm", "bees", "=three"],
                ["test", "test/ants/0.ppm", "ants", ""],
            ])
        #expect(try DatasetFolder.scan(out.file("new.csv")).train.map(\.label) == [0, 1, 1])
    }

    @Test func nothingIsReplacedAndNothingRemains() throws {
        try Data("mine".utf8).write(to: out.file("corrected.csv"))
        let list = try decisions()
        #expect(message { _ = try corrected(list, to: "corrected.csv") }.contains("exists already"))
        let within = made.url.appending(path: "copy")
        #expect(
            message { _ = try SplitDestination(within, mode: .copy, source: made.url) }.contains(
                "lies within"))
        let wrong = try DecisionList([
            LabelDecision(
                path: "train/ants/0.ppm", sha256: String(repeating: "0", count: 64), oldLabel: "ants",
                verdict: .exclude)
        ])
        #expect(
            message { _ = try corrected(wrong, to: "copy") }.contains("train/ants/0.ppm: changed since"))
        #expect(out.names == ["corrected.csv"])
        #expect(try Data(contentsOf: out.file("corrected.csv")) == Data("mine".utf8))
    }
}

/// Files of a folder with their bytes.
private struct FolderContents: Equatable {
    private let files: [String: Data]

    init(_ url: URL) {
        let paths = FileManager.default.enumerator(atPath: url.path)?.compactMap { $0 as? String } ?? []
        files = Dictionary(
            uniqueKeysWithValues: paths.compactMap { path in
                (try? Data(contentsOf: url.appending(path: path))).map { (path, $0) }
            })
    }
}
