import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// `tailor review`, and what becomes of its decisions: `check --apply`, `train --decisions`.
@Suite struct ReviewCommandTests {
    private let images: MadeImages

    init() throws {
        images = try MadeImages(train: 20, validation: 8, test: 4)
        // One picture under two classes.
        try FileManager.default.copyItem(
            at: images.root.appending(path: "train/across/1.ppm"),
            to: images.root.appending(path: "train/upright/twin.ppm"))
    }

    private func run(_ words: String...) throws -> BuiltProgram.Outcome {
        try Program.run(
            words, in: images.root, environment: ["XDG_CACHE_HOME": images.root.path + "/cache"])
    }

    /// The decision file that the page would export.
    private func write(_ decisions: [(String, LabelDecision.Verdict, String?)]) throws {
        let list = try DecisionList(
            decisions.map { path, verdict, name in
                LabelDecision(
                    path: path,
                    sha256: try ContentHash.sha256(contentsOf: images.root.appending(path: path)),
                    oldLabel: String(path.split(separator: "/")[1]), verdict: verdict, newLabel: name)
            })
        try list.write(to: images.root.appending(path: "decisions.csv"))
    }

    @Test func aPageIsWrittenAndTellsWhatIsOnIt() throws {
        let outcome = try run("review", ".", "--no-features", "--json", "--quiet")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(
            try JSONReader.value(of: outcome.output)
                == .object([
                    "files": .array([.text("review.html")]), "suspects": .integer(2), "leftOut": .integer(0),
                    "kinds": .object(["classes": .integer(2)]),
                ]))
        let page = try String(contentsOf: images.root.appending(path: "review.html"), encoding: .utf8)
        #expect(page.contains("\"path\":\"train/upright/twin.ppm\"") && !page.contains("test/across"))
        // Again, over its own page; not over another file.
        #expect(try run("review", ".", "--no-features", "--quiet").code == 0)
        try Data("mine".utf8).write(to: images.root.appending(path: "mine.html"))
        let refused = try run("review", ".", "-o", "mine.html")
        #expect(
            refused.code == 2 && refused.errors.contains("is not a review page of tailor's"),
            "\(refused.errors)")
    }

    /// Without a run the maps are of a classifier of the pretrained network's features.
    @Test func aPageOfADatasetHasHeatMaps() throws {
        let outcome = try run("review", ".", "--weights", "bundled", "--device", "cpu", "--quiet")
        #expect(outcome.code == 0, "\(outcome.errors)")
        let page = try String(contentsOf: images.root.appending(path: "review.html"), encoding: .utf8)
        #expect(page.contains("Heat maps are of a linear classifier of the pretrained network"))
        let start = try #require(page.firstRange(of: "id=\"data\">"))
        let end = try #require(page[start.upperBound...].firstRange(of: "</script>"))
        guard
            case .object(let content) = try JSONReader.value(
                of: String(page[start.upperBound..<end.lowerBound])),
            case .array(let maps)? = content["heatMaps"]
        else { throw NoData() }
        let paths = maps.compactMap { map -> JSONValue? in
            guard case .array(let fields) = map, fields.count == 3 else { return nil }
            return fields[0]
        }
        #expect(
            paths.contains(.text("train/upright/twin.ppm")) && paths.contains(.text("train/across/1.ppm")),
            "\(paths)")
    }

    private struct NoData: Error {}

    @Test func decisionsAreAppliedAndCheckedAndTrained() throws {
        try write([("train/upright/twin.ppm", .relabel, "across"), ("train/across/1.ppm", .exclude, nil)])
        let applied = try run("check", ".", "--apply", "decisions.csv", "-o", "new.csv", "--json", "--quiet")
        #expect(applied.code == 0, "\(applied.errors)")
        #expect(applied.output.contains("\"relabelled\" : 1") && applied.output.contains("\"excluded\" : 1"))
        let checked = try run("check", "new.csv", "--no-features", "--quiet", "--json")
        #expect(checked.code == 0, "\(checked.output)")
        let training = [
            "--weights", "none", "--image-size", "32", "--no-probe", "--epochs", "1", "--batch-size", "8",
            "--device", "cpu", "--quiet",
        ]
        let trained = try Program.run(
            ["train", ".", "--decisions", "decisions.csv", "-o", "run"] + training, in: images.root)
        #expect(trained.code == 0, "\(trained.errors)")
        let record = try RunRecord.read(from: RunFolder(images.root.appending(path: "run")))
        #expect(
            record.dataset.decisions?.decisions.map(\.path).sorted() == [
                "train/across/1.ppm", "train/upright/twin.ppm",
            ])
        #expect(record.dataset.trainCounts == [20, 20])
        // Going on needs no list: the run has it.
        let resumed = try Program.run(["train", ".", "--resume", "-o", "run"] + training, in: images.root)
        #expect(resumed.code == 0, "\(resumed.errors)")
        // A review of the run begins with what it was trained by.
        let review = try run("review", "run", "--no-features", "--quiet", "-o", "again.html")
        #expect(review.code == 0, "\(review.errors)")
        let page = try String(contentsOf: images.root.appending(path: "again.html"), encoding: .utf8)
        #expect(page.contains("\"decision\":\"relabel\""))
        // An image of the run that is another now is named.
        try Data(contentsOf: images.root.appending(path: "train/across/3.ppm"))
            .write(to: images.root.appending(path: "train/across/4.ppm"))
        let moved = try run("review", "run", "--no-features", "--quiet", "-o", "again.html")
        #expect(
            moved.code == 2 && moved.errors.contains("of another content: train/across/4.ppm"),
            "\(moved.errors)")
    }

    /// With folds every image was asked about by a model that had not seen it.
    @Test func foldsAnswerForAllImages() throws {
        let trained = try Program.run(
            [
                "train", ".", "--weights", "none", "--image-size", "32", "--no-probe", "--epochs", "1",
                "--batch-size", "8", "--device", "cpu", "--quiet", "--folds", "2", "-o", "run",
            ], in: images.root)
        #expect(trained.code == 0, "\(trained.errors)")
        let review = try run("review", "run", "--no-features", "--quiet")
        #expect(review.code == 0, "\(review.errors)")
        let page = try String(contentsOf: images.root.appending(path: "review.html"), encoding: .utf8)
        #expect(page.contains("Doubtful labels come from 2 models of the run"))
    }

    /// A page does not begin with what could not be carried out, and says so.
    @Test func earlierDecisionsThatDoNotFitAreLeftOut() throws {
        try write([("train/across/1.ppm", .keep, nil), ("train/upright/twin.ppm", .relabel, "across")])
        let table = images.root.appending(path: "decisions.csv")
        let fitting = try DecisionList(contentsOf: table).decisions
        let sha = fitting[0].sha256
        func decision(_ path: String, _ old: String, _ sha: String, to name: String? = nil) -> LabelDecision {
            LabelDecision(
                path: path, sha256: sha, oldLabel: old, verdict: name == nil ? .keep : .relabel,
                newLabel: name)
        }
        let others = [
            decision("elsewhere/2.ppm", "across", sha), decision("train/across/2.ppm", "across", sha),
            decision("train/across/3.ppm", "upright", sha),
        ]
        try DecisionList(fitting + others).write(to: table)
        let some = try run("review", ".", "--no-features", "--quiet", "--decisions", "decisions.csv")
        #expect(some.code == 0, "\(some.errors)")
        for text in [
            "--decisions: 3 of 5 decisions do not fit", "elsewhere/2.ppm: no such image",
            "train/across/2.ppm: the file has changed", "train/across/3.ppm: labelled across, not upright",
        ] { #expect(some.errors.contains(text), "\(some.errors)") }
        let page = try String(contentsOf: images.root.appending(path: "review.html"), encoding: .utf8)
        #expect(page.contains("\"newLabel\":\"across\"") && !page.contains("elsewhere/2.ppm"))
        try DecisionList(others).write(to: table)
        let none = try run("review", ".", "--no-features", "--quiet", "--decisions", "decisions.csv")
        #expect(
            none.code == 2 && none.errors.contains("--decisions: 3 of 3 decisions do not fit"),
            "\(none.errors)")
    }

    @Test func aChangedFileIsRefusedByName() throws {
        try write([("train/upright/3.ppm", .exclude, nil)])
        try Data(contentsOf: images.root.appending(path: "train/upright/2.ppm"))
            .write(to: images.root.appending(path: "train/upright/3.ppm"))
        for words in [
            ["check", ".", "--apply", "decisions.csv", "-o", "new.csv"],
            ["train", ".", "--decisions", "decisions.csv", "-o", "run"],
        ] {
            let outcome = try Program.run(words, in: images.root)
            #expect(
                outcome.code == 2 && outcome.errors.contains("train/upright/3.ppm: changed since"),
                "\(outcome.errors)")
        }
        #expect(!FileManager.default.fileExists(atPath: images.root.appending(path: "new.csv").path))
    }

    @Test func thereAndBackWithLabelStudio() throws {
        let blank = try RGBImage(width: 40, height: 40, red: 9, green: 9, blue: 9)
        try blank.pngData().write(to: images.root.appending(path: "train/across/blank.png"))
        let tasks = try run(
            "review", ".", "--no-features", "--quiet", "--to", "label-studio", "-o", "tasks.json",
            "--image-url", "/data/local-files/?d=set/")
        #expect(tasks.code == 0 && tasks.output.contains("<Choice value=\"upright\"/>"), "\(tasks.errors)")
        let text = try String(contentsOf: images.root.appending(path: "tasks.json"), encoding: .utf8)
        #expect(text.contains("/data/local-files/?d=set/train/upright/twin.ppm"))
        // As an annotator who agrees with each prediction.
        let annotated = text.replacingOccurrences(of: "\"predictions\"", with: "\"annotations\"")
        try Data(annotated.utf8).write(to: images.root.appending(path: "export.json"))
        let back = try run(
            "review", ".", "--from", "label-studio", "--annotations", "export.json", "-o", "decisions.csv")
        #expect(
            back.code == 0 && back.output.contains("1 decision (0 images relabelled, 1 left out"),
            "\(back.errors)")
        let decided = try DecisionList(contentsOf: images.root.appending(path: "decisions.csv")).decisions
        #expect(
            decided.map { "\($0.path) \($0.verdict)" } == ["train/across/blank.png exclude"])
        let again = try run(
            "review", ".", "--from", "label-studio", "--annotations", "export.json", "-o", "decisions.csv")
        #expect(again.code == 2 && again.errors.contains("exists already"), "\(again.errors)")
    }

    @Test(arguments: [
        (["check", "x", "--apply", "y"], "--apply needs --output"),
        (["check", "x", "--output", "y"], "--output is for --apply"),
        (["check", "x", "--apply", "no.csv", "-o", "y"], "--apply no.csv: no such file"),
        (
            ["check", "x", "--apply", "no.csv", "-o", "y", "--fix", "z", "--group-by", "a"],
            "--fix, --group-by: --apply looks for nothing"
        ),
        (["train", "x", "--decisions", "no.csv"], "--decisions no.csv: no such file"),
        (["review", "x", "--to", "label-studio"], "--to needs --output"),
        (["review", "x", "--from", "label-studio", "-o", "y"], "--from and --annotations belong together"),
        (["review", "x", "--to", "labelstudio"], "expected label-studio; did you mean label-studio?"),
        (["review", "x", "--image-url", "y"], "--image-url says where --to finds images"),
        (["review", "x", "--no-features", "--weights", "none"], "--weights: only features need a network"),
    ])
    func usage(_ words: [String], _ reason: String) throws {
        let outcome = try Program.run(words)
        #expect(outcome.code == 2 && outcome.errors.contains(reason), "\(outcome.errors)")
    }
}
