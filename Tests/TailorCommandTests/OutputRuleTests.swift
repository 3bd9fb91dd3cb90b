import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// Files that tailor did not write stay as they are, and that is said before the work.
@Suite struct OutputRuleTests {
    @Test func foreignFilesAreNeverWrittenOver() throws {
        let folder = try TemporaryFolder()
        let notes = folder.file("notes")
        for name in ["notes", "notes.txt", "run/report.html"] {
            try FileManager.default.createDirectory(
                at: folder.file(name).deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("mine".utf8).write(to: folder.file(name))
        }
        func refused(_ arguments: [String], _ text: String) throws {
            let outcome = try Program.run(arguments, in: folder.url)
            #expect(outcome.code == 2 && outcome.errors.contains(text), "\(arguments): \(outcome.errors)")
        }
        try refused(["export", "run", "-o", "notes"], "exists already and is not a model file of tailor's")
        try refused(
            ["export", "run", "-o", "notes", "--format", "safetensors"], "is not a weight file of tailor's")
        try refused(
            ["export", "run", "-o", "notes", "--format", "pth"], "exists already: choose another name")
        try refused(["export", "run", "-o", "none/x.onnx"], "there is no folder")
        try refused(
            ["check", "data", "--report", "notes"], "exists already and is not a page of findings of tailor's"
        )
        try refused(
            ["check", "data", "--probabilities", "notes"], "is not a table of predictions of tailor's")
        try refused(["check", "data", "--fix", "notes.txt"], "exists already and is not a list of tailor's")
        try refused(["check", "data", "--fix", "run"], "exists already: name a new folder")
        try refused(["train", "data", "-o", "run"], "holds report.html, which a run would write over")
        #expect(try Data(contentsOf: notes) == Data("mine".utf8))
    }

    @Test func ownFilesAreReplaced() throws {
        let images = try MadeImages(train: 20, validation: 10, test: 8)
        let arguments = ["check", images.root.path, "--no-features", "--no-cache", "--quiet"]
        let (page, list) = (images.root.appending(path: "c.html"), images.root.appending(path: "l.txt"))
        for _ in 0..<2 {
            let outcome = try Program.run(arguments + ["--report", page.path, "--fix", list.path])
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
        #expect(try ExclusionList(contentsOf: list).paths.isEmpty)
        // Nor does one page take the other's place.
        let review = ["review", images.root.path, "--no-features", "--no-cache", "--quiet", "-o"]
        let refused = try Program.run(review + [page.path])
        #expect(
            refused.code == 2 && refused.errors.contains("is not a review page of tailor's"),
            "\(refused.errors)")
        let other = images.root.appending(path: "r.html").path
        #expect(try Program.run(review + [other]).code == 0)
        let reversed = try Program.run(arguments + ["--report", other])
        #expect(
            reversed.code == 2 && reversed.errors.contains("is not a page of findings of tailor's"),
            "\(reversed.errors)")
        #expect(try String(contentsOf: list, encoding: .utf8).hasPrefix("# tailor check: "))
    }

    /// Every training and validation image has its row, and no test image.
    @Test func probabilitiesOfLabelsAreWritten() throws {
        let images = try MadeImages(train: 20, validation: 10, test: 8)
        let table = images.root.appending(path: "labels.csv")
        for _ in 0..<2 {
            let outcome = try Program.run([
                "check", images.root.path, "--no-cache", "--weights", "none", "--device", "cpu",
                "--probabilities", table.path,
            ])
            // Random weights may see copies where there are none.
            #expect([0, 3].contains(outcome.code), "\(outcome.errors)")
            #expect(outcome.errors.contains("Probabilities: \(table.path)"))
        }
        let rows = try CSV.parse(try String(contentsOf: table, encoding: .utf8), isOwn: true)
        #expect(rows.first?.prefix(4) == ["path", "true", "predicted", "probability"])
        #expect(rows.count == 61, "\(rows.count)")
        for row in rows.dropFirst() {
            #expect(row.first?.hasPrefix("test/") == false)
            let shares = row.dropFirst(4).dropLast().compactMap { Double($0) }
            #expect(shares.count == 2 && abs(shares.reduce(0, +) - 1) < 1e-5, "\(row)")
        }
    }

    /// No weights are fetched for a folder that is none.
    @Test func dataComeBeforeWeights() throws {
        let folder = try TemporaryFolder()
        for command in ["check", "train"] {
            let outcome = try Program.run(
                [command, "nowhere", "--device", "cpu"], in: folder.url,
                environment: ["TORCH_HOME": folder.file("empty").path])
            #expect(outcome.code == 2 && !outcome.errors.contains("weights"), "\(outcome.errors)")
        }
    }
}
