import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// What the programs do about data that would make a result a lie.
@Suite(.serialized) struct DataCommandTests {
    #if os(Linux)
        /// The kernel says whether anything below test/ was opened while training ran.
        @Test func trainingLeavesTheTestSetSealed() throws {
            let images = try MadeImages()
            let watch = try FolderWatch(
                ["test", "test/across", "test/upright"].map { images.root.appending(path: $0).path })
            let run = images.run("a")
            let trained = try Program.run(
                ["train", images.root.path, "--output", run.url.path, "--phases", "stem:1"]
                    + CommandTests.quick)
            #expect(trained.code == 0, "\(trained.errors)")
            #expect(!watch.wasOpened())
            #expect(try Program.run(["evaluate", run.url.path]).code == 0)
            #expect(watch.wasOpened())
        }
    #endif

    /// Under another name and in another format, a training image in test/ is still one.
    @Test func aTestSetThatOverlapsTrainingIsRefused() throws {
        let images = try MadeImages()
        let run = images.run("a")
        let trained = try Program.run(
            ["train", images.root.path, "--output", run.url.path, "--phases", "stem:1"] + CommandTests.quick)
        #expect(trained.code == 0, "\(trained.errors)")
        let seen = try ImageDecoder().decode(contentsOf: images.root.appending(path: "train/across/3.ppm"))
        try seen.pngData().write(to: images.root.appending(path: "test/across/new.png"))
        let refused = try Program.run(["evaluate", run.url.path])
        #expect(refused.code == 3 && refused.output.isEmpty)
        #expect(refused.errors.contains("1 of 13 test images was also used in training"))
        #expect(refused.errors.contains("test/across/new.png = train/across/3.ppm"))
        try FileManager.default.removeItem(at: images.root.appending(path: "test/across/new.png"))
        let first = try Program.run(["evaluate", run.url.path, "--strict"])
        #expect(first.code == 0, "a refused test was no use of the test set: \(first.errors)")
    }

    @Test func trainRefusesAValidationSetOfCopies() throws {
        let images = try MadeImages()
        for index in 0..<3 {
            try FileManager.default.copyItem(
                at: images.root.appending(path: "train/across/\(index).ppm"),
                to: images.root.appending(path: "val/across/copy\(index).ppm"))
        }
        let run = images.run("a")
        let arguments =
            ["train", images.root.path, "--output", run.url.path, "--phases", "stem:1"] + CommandTests.quick
        let refused = try Program.run(arguments)
        #expect(refused.code == 3 && refused.output.isEmpty)
        #expect(refused.errors.contains("3 times the same picture in two splits."))
        #expect(refused.errors.contains("--exclude-from"))
        #expect(!run.hasRecord, "nothing is written by a refused command")
        let allowed = try Program.run(arguments + ["--allow-leaks"])
        #expect(allowed.code == 0, "\(allowed.errors)")
        #expect(allowed.errors.contains("train/across/0.ppm = val/across/copy0.ppm"))
    }

    /// Without val/, groups stay whole; with one, a group on both sides is refused.
    @Test func trainKeepsGroupsWhole() throws {
        let images = try MadeImages(train: 24, validation: 0, test: 0)
        let table = images.root.appending(path: "groups.csv")
        var lines = ["Path,day,Group"]
        for name in ["across", "upright"] {
            for index in 0..<24 { lines.append("train/\(name)/\(index).ppm,1,\(name)-\(index / 4)") }
        }
        try Data(lines.joined(separator: "\n").utf8).write(to: table)
        let run = images.run("a")
        let trained = try Program.run(
            [
                "train", images.root.path, "--output", run.url.path, "--phases", "stem:1", "--group-by",
                table.path,
            ] + CommandTests.quick)
        #expect(trained.code == 0, "\(trained.errors)")
        let rows = try CSV.parse(String(contentsOf: run.datasetFiles, encoding: .utf8)).dropFirst()
        var splits: [String: Set<String>] = [:]
        for row in rows {
            let parts = row[1].split(separator: "/")
            let index = try #require(Int(parts[2].dropLast(4)))
            splits["\(parts[1])-\(index / 4)", default: []].insert(row[0])
        }
        #expect(splits.count == 12 && splits.values.allSatisfy { $0.count == 1 })
        #expect(Set(splits.values.joined()) == ["train", "val"])
        let wrong = try Program.run([
            "check", images.root.path, "--no-features", "--no-cache", "--group-by", run.datasetFiles.path,
        ])
        #expect(wrong.code == 2 && wrong.errors.contains("expected the columns path and group"))
    }

    @Test func checkFindsFixesAndTrainLeavesOut() throws {
        let images = try MadeImages(train: 20, validation: 10, test: 8)
        let copy = images.root.appending(path: "val/across/copy.ppm")
        try FileManager.default.copyItem(at: images.root.appending(path: "train/across/5.ppm"), to: copy)
        let list = images.root.appending(path: "out.txt")
        let page = images.root.appending(path: "check.html")
        let checked = try Program.run([
            "check", images.root.path, "--no-features", "--no-cache", "--quiet", "--fix", list.path,
            "--report",
            page.path, "--json",
        ])
        #expect(checked.code == 3, "\(checked.errors)")
        let report = try JSONDecoder().decode(AuditReport.self, from: Data(checked.output.utf8))
        let leak = try #require(report.findings.first { $0.code == "identical-across-splits" })
        #expect(leak.items.map(\.paths) == [["train/across/5.ppm", "val/across/copy.ppm"]])
        #expect(try ExclusionList(contentsOf: list).paths == ["train/across/5.ppm"])
        #expect(try String(contentsOf: page, encoding: .utf8).contains("copy.ppm"))

        let beside = try TemporaryFolder()
        let cleaned = beside.file("cleaned")
        let fixed = try Program.run([
            "check", images.root.path, "--no-features", "--no-cache", "--quiet", "--fix", cleaned.path,
        ])
        #expect(fixed.code == 3)
        let again = try Program.run(["check", cleaned.path, "--no-features", "--no-cache", "--quiet"])
        #expect(again.code == 0, "\(again.output)")

        let run = images.run("a")
        let trained = try Program.run(
            [
                "train", images.root.path, "--output", run.url.path, "--phases", "stem:1", "--exclude-from",
                list.path, "--json",
            ] + CommandTests.quick)
        #expect(trained.code == 0, "\(trained.errors)")
        #expect(
            try String(contentsOf: run.datasetFiles, encoding: .utf8).contains("train/across/5.ppm") == false)
        #expect(trained.output.contains("left out by the list of exclusions: 1 image"))
    }
}
