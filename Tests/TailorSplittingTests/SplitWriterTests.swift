import Foundation
import TailorDatasets
import TailorSplitting
import TailorSupport
import TestSupport
import Testing

@Suite struct SplitWriterTests {
    /// Ten images of each of two classes, two of them of one name, and where to write.
    private let made: MadeDataset
    private var source: URL { made.url.appendingPathComponent("photos") }
    private var dest: URL { made.url.appendingPathComponent("out/data") }

    init() throws {
        let names = (0..<9).map { "x/\($0).ppm" } + ["y/3.ppm"]
        made = try MadeDataset(["cat", "dog"].flatMap { name in names.map { "photos/\(name)/\($0)" } })
    }

    private func write(_ mode: SplitDestination.Mode, to url: URL? = nil) throws -> SplitSummary {
        let images = try SplitSource.open(source)
        let plan = try SplitPlanner(seed: 5).plan(images.items, classes: images.classes)
        let destination = try SplitDestination(url ?? dest, mode: mode, source: source)
        return try SplitWriter(source: images, plan: plan, destination: destination).write()
    }

    private func files(_ url: URL) -> [String] {
        (FileManager.default.enumerator(atPath: url.path)?.allObjects as? [String] ?? [])
            .filter { $0.hasSuffix(".ppm") }.sorted()
    }

    @Test(arguments: [SplitDestination.Mode.link, .copy])
    func folders(mode: SplitDestination.Mode) throws {
        let summary = try write(mode)
        #expect(summary.images == 20 && summary.groups == 20 && summary.mode == mode)
        #expect(summary.classes.map(\.name) == ["cat", "dog"])
        #expect(summary.classes.allSatisfy { [$0.train, $0.val, $0.test] == [6, 2, 2] })
        expectClose(summary.largestDeviation, 0.04, absolute: 1e-9)

        let rows = try CSV.parse(
            String(contentsOf: dest.appendingPathComponent("split.csv"), encoding: .utf8))
        #expect(rows[0] == ["split", "path", "class", "group", "file"])
        #expect(rows.count == 21 && rows.dropFirst().map { $0[4] }.sorted() == files(dest))
        for row in rows.dropFirst() {
            #expect(row[4].hasPrefix("\(row[0])/\(row[2])/") && row[3] == row[1])
            let original = try Data(contentsOf: source.appendingPathComponent(row[1]))
            #expect(try Data(contentsOf: dest.appendingPathComponent(row[4])) == original)
            let link = try? FileManager.default.destinationOfSymbolicLink(
                atPath: dest.appendingPathComponent(row[4]).path)
            #expect(link == (mode == .link ? "../../../../photos/\(row[1])" : nil))
        }
        // The two of one name are told apart by their folders; the others keep theirs.
        let names = rows.dropFirst().filter { $0[2] == "cat" }
            .map { URL(fileURLWithPath: $0[4]).lastPathComponent }
        #expect(
            names.sorted() == [
                "0.ppm", "1.ppm", "2.ppm", "4.ppm", "5.ppm", "6.ppm", "7.ppm", "8.ppm", "x-3.ppm", "y-3.ppm",
            ])
        #expect(
            try JSONFile.read(SplitSummary.self, from: dest.appendingPathComponent("split.json")) == summary)

        // What was written is a dataset, whole again.
        let folder = try DatasetFolder.scan(dest)
        #expect(folder.train.count == 12 && folder.validation?.count == 4 && folder.hasTest)
        #expect(files(source).count == 20)
    }

    @Test func linksMoveWithTheirImages() throws {
        _ = try write(.link)
        let moved = made.url.deletingLastPathComponent().appendingPathComponent("moved-\(UUID().uuidString)")
        try FileManager.default.moveItem(at: made.url, to: moved)
        defer { try? FileManager.default.moveItem(at: moved, to: made.url) }
        let train = try DatasetFolder.scan(moved.appendingPathComponent("out/data")).train
        #expect(train.count == 12)
        for sample in train { #expect(FileManager.default.fileExists(atPath: sample.url.path)) }
    }

    @Test func throughALinkedFolder() throws {
        try made.folder("real/deep")
        try made.link("short", to: "real/deep")
        let url = made.url.appendingPathComponent("short/data")
        _ = try write(.link, to: url)
        for file in files(url) {
            #expect(FileManager.default.fileExists(atPath: url.appendingPathComponent(file).path))
        }
        #expect(files(made.url.appendingPathComponent("real/deep/data")).count == 20)
    }

    @Test func aManifestAlone() throws {
        let url = made.url.appendingPathComponent("lists/split.csv")
        _ = try write(.manifest, to: url)
        let rows = try CSV.parse(String(contentsOf: url, encoding: .utf8))
        #expect(rows[0] == ["split", "path", "class", "group", "file"] && rows.count == 21)
        #expect(rows.dropFirst().count { $0[0] == "train" } == 12)
        let original = rows[1][4]
        #expect(rows[1][1...3] == ["cat/x/0.ppm", "cat", "cat/x/0.ppm"])
        #expect(original.hasPrefix("../") && original.hasSuffix("cat/x/0.ppm"), "\(original)")
        // What is written is a dataset, and a source with the same parts.
        let folder = try DatasetFolder.scan(url)
        #expect(folder.train.count == 12 && folder.validation?.count == 4 && folder.testPaths.count == 4)
        for sample in folder.train { #expect(FileManager.default.fileExists(atPath: sample.url.path)) }
        let source = try SplitSource.open(url)
        #expect(source.isDivided)
        let parts = Dictionary(uniqueKeysWithValues: source.images.map { ($0.path, $0.part?.rawValue) })
        for row in rows.dropFirst() { #expect(parts[row[4]] == row[0]) }
        let again = #expect(throws: SplitError.self) { try write(.manifest, to: url) }
        #expect(again?.description == "\(url.path): exists already: choose another name")
        let named = #expect(throws: SplitError.self) { try write(.manifest) }
        #expect(named?.description == "\(dest.path): expected a file ending in .csv for the manifest")
    }

    @Test func anEmptyFolderIsUsedAndNothingElseTouched() throws {
        try made.folder("out/data")
        _ = try write(.copy)
        #expect(files(dest).count == 20)

        try made.folder("full")
        try made.write(Data("mine".utf8), to: "full/.hidden")
        try made.write(Data("mine".utf8), to: "file")
        let cases = [
            ("full", "exists already and holds 1 entry: choose another folder"),
            ("file", "exists already and is not a folder: choose another name"),
            (
                "photos/new",
                "lies within \(made.path)/photos, where the images are: choose a folder beside it"
            ),
        ]
        for (name, reason) in cases {
            let url = made.url.appendingPathComponent(name)
            let error = #expect(throws: SplitError.self) { try write(.link, to: url) }
            #expect(error?.description == "\(url.path): \(reason)")
        }
        #expect(try Data(contentsOf: made.url.appendingPathComponent("full/.hidden")) == Data("mine".utf8))
    }

    @Test func aFailureLeavesNothing() throws {
        let images = try SplitSource.open(source)
        let plan = try SplitPlanner(seed: 5).plan(images.items, classes: images.classes)
        for mode in [SplitDestination.Mode.link, .copy] {
            let destination = try SplitDestination(dest, mode: mode, source: source)
            let writer = try SplitWriter(source: images, plan: plan, destination: destination)
            #expect(throws: SplitError.interrupted) { try writer.write(shouldStop: { true }) }
            let lost = source.appendingPathComponent("dog/x/8.ppm")
            let data = try Data(contentsOf: lost)
            try FileManager.default.removeItem(at: lost)
            #expect(throws: (any Error).self) { try writer.write() }
            try data.write(to: lost)
            #expect(try FileManager.default.contentsOfDirectory(atPath: made.path) == ["photos"])
        }
        // Somebody else was faster.
        let destination = try SplitDestination(dest, mode: .link, source: source)
        let writer = try SplitWriter(source: images, plan: plan, destination: destination)
        try made.write(Data("mine".utf8), to: "out/data/file")
        #expect(throws: FileError.self) { try writer.write() }
        #expect(try FileManager.default.contentsOfDirectory(atPath: made.path + "/out") == ["data"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: dest.path) == ["file"])
    }

    @Test func anotherPlanIsRefused() throws {
        let images = try SplitSource.open(source)
        let other = try SplitPlanner(seed: 5).plan(
            Array(images.items.dropLast()), classes: images.classes)
        let destination = try SplitDestination(dest, mode: .link, source: source)
        #expect(throws: SplitError.self) {
            try SplitWriter(source: images, plan: other, destination: destination)
        }
    }

    /// Names at the limit of 255 bytes, and names that a joined one would meet.
    @Test func longAndMeetingNames() throws {
        let long = String(repeating: "n", count: 251) + ".ppm"
        let made = try MadeDataset(
            ["s/a/p/\(long)", "s/a/q/\(long)", "s/a/p/1.ppm", "s/a/q/1.ppm", "s/a/p-1.ppm", "s/b/1.ppm"]
                + (2..<9).map { "s/b/\($0).ppm" })
        let root = made.url.appendingPathComponent("s")
        let images = try SplitSource.open(root)
        let plan = try SplitPlanner(seed: 1).plan(images.items, classes: images.classes)
        let out = made.url.appendingPathComponent("out")
        try SplitWriter(
            source: images, plan: plan, destination: try SplitDestination(out, mode: .link, source: root)
        ).write()
        let names = files(out).filter { $0.contains("/a/") }
            .map { URL(fileURLWithPath: $0).lastPathComponent }
        #expect(names.count == 5 && Set(names).count == 5)
        #expect(names.contains("q-1.ppm"))
        #expect(names.allSatisfy { $0.utf8.count <= 255 && $0.hasSuffix(".ppm") })
        #expect(files(out).count == 13)
    }
}
