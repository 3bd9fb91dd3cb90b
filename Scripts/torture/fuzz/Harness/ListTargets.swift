import Foundation
import TailorSupport

@testable import TailorDatasets
@testable import TailorEvaluation
@testable import TailorFineTuning
@testable import TailorSplitting

let listTargets = [
    FuzzTarget("exclusions") { data in
        let list = try ExclusionList(contentsOf: Scratch.write(data, "list"))
        try list.write(to: Scratch.url("written"))
        try expect(try ExclusionList(contentsOf: Scratch.url("written")) == list, "another list when written")
        for path in list.paths.prefix(8) { _ = paths.match(path) }
    },
    FuzzTarget("groups") { data in
        let table = try GroupTable(contentsOf: Scratch.write(data, "groups.csv"))
        for row in table.rows.prefix(8) { _ = paths.match(row.path) }
    },
    FuzzTarget("manifest") { data in
        Scratch.write(data, "split.csv")
        let manifest = try DatasetManifest(contentsOf: Scratch.path("split.csv"))
        var problems: [FileProblem] = []
        _ = manifest.classFolders(of: .train, problems: &problems)
    },
    FuzzTarget("split-csv") { data in
        guard images else { return }
        Scratch.write(data, "images.csv")
        _ = try SplitSource.open(Scratch.url("images.csv"), skipsProblems: true)
    },
    FuzzTarget("test-set") { data in
        let set = try TestSet(contentsOf: Scratch.write(data, "images.csv"))
        try set.write(to: Scratch.url("written"))
        let again = try TestSet(contentsOf: Scratch.url("written"))
        try expect(again == set, "another set when written")
        try expect(set.images.isEmpty || again.isSame(as: set), "not the same set when written")
        try expect(again.changes(since: set).text == nil, "changes when written")
    },
    FuzzTarget("file-list") { data in
        let list = try RunFileList(contentsOf: Scratch.write(data, "dataset.csv"))
        // A path that is there twice, which no run writes, is one of the two images in either list.
        if Set(list.rows.map { PathKey($0.path) }).count == list.rows.count {
            try expect(list.changes(since: list) == nil, "changes against itself")
        }
        _ = try list.fingerprint(classes: ["a", "b"])
    },
]

private let paths = ListedPaths(
    ["train/a/1.jpg", "train/b/1.jpg", "val/a/ä.png"], root: Scratch.folder, testFolder: "test")

/// Makes the images that a table can name.
private let images: Bool = {
    for name in ["1.jpg", "2.jpg"] { Scratch.write(Data([0xFF]), name) }
    return true
}()
