import Foundation
import TailorSupport

/// Annotations that Label Studio exported (format JSON), as decisions about a dataset's labels.
package struct LabelStudioExport {
    /// Decisions in the order of the tasks.
    package private(set) var decisions: [LabelDecision] = []
    /// What was not decided, or not alike, for people.
    package private(set) var notes: [String] = []

    /// What one annotator said of one image.
    private struct Answer {
        let verdict: LabelDecision.Verdict
        let className: String?
        let reviewer: String
        let time: String
        let isGroundTruth: Bool

        func says(_ other: Answer) -> Bool { verdict == other.verdict && className == other.className }
    }

    /// All that was said of one image.
    private struct Gathered {
        var sha256: String
        var label: String
        var answers: [Answer] = []
    }

    private var gathered: [PathKey: Gathered] = [:]
    private var order: [PathKey] = []
    private var skipped = 0
    private var unanswered = 0

    /// Reads an export. A task that was skipped, or holds no choice, decides nothing. Several annotators must agree,
    /// unless one annotation is marked as ground truth; where they do not, the decision is `unsure`.
    ///
    /// Throws `FileError`, and ``DecisionError`` for what is no export, and naming each task that names no image of the
    /// dataset or whose choice is no class.
    package init(contentsOf url: URL, of folder: DatasetFolder) throws {
        let data = try RegularFile.contents(of: url, maximumBytes: 512 << 20)
        let place = url.path.printable
        let tasks: [JSONValue]
        do {
            guard case .array(let found) = try JSONReader.value(of: String(decoding: data, as: UTF8.self))
            else { throw DecisionError("\(place): expected a list of tasks, as Label Studio's format JSON") }
            tasks = found
        } catch let error as JSONSyntaxError {
            throw DecisionError("\(place): not valid JSON, \(error.place): \(error.reason)")
        }
        // Of what is no image none is known.
        let known =
            (folder.train + (folder.validation ?? [])).map {
                (path: $0.relativePath, label: folder.classes.names[$0.label])
            }
            + folder.problems.map { (path: $0.path, label: "") }
        let paths = ListedPaths(
            known.map(\.path), root: folder.root, testFolder: folder.testFolder,
            testPaths: folder.testPaths)
        var refusals: [String] = []
        for (position, task) in tasks.enumerated() {
            do {
                try take(task, known: known, classes: folder.classes, paths: paths)
            } catch let error as DecisionError {
                refusals.append("task \(task.member("id")?.plain ?? "number \(position + 1)"): \(error)")
            }
        }
        guard refusals.isEmpty else {
            throw DecisionError(
                "\(place): \(refusals.count) of \(counted(tasks.count, "task")) cannot be used:",
                lines: refusals)
        }
        try conclude(root: folder.root, place: place)
    }

    private mutating func take(
        _ task: JSONValue, known: [(path: String, label: String)], classes: ClassList, paths: ListedPaths
    ) throws {
        guard case .object(let members) = task, let data = members["data"] else {
            if task.member("annotation_id") != nil || task.member("annotator") != nil {
                throw DecisionError("of the format JSON-MIN: export as JSON")
            }
            throw DecisionError("expected an object with data and annotations")
        }
        let image = known[try Self.image(data, paths: paths)]
        let key = PathKey(image.path)
        if gathered[key] == nil {
            order.append(key)
            gathered[key] = Gathered(
                sha256: data.member("sha256")?.string ?? "",
                label: data.member("label")?.string ?? image.label)
        }
        guard case .array(let annotations)? = members["annotations"] ?? members["completions"] else {
            throw DecisionError("no annotations: export as JSON, not as tasks alone")
        }
        for annotation in annotations {
            if annotation.member("was_cancelled") == .bool(true) {
                skipped += 1
                continue
            }
            guard let choice = try Self.choice(annotation, classes: classes) else {
                unanswered += 1
                continue
            }
            let label = gathered[key]?.label
            if image.label.isEmpty, choice.verdict == .relabel {
                throw DecisionError("\(image.path.printable) is no image: expected exclude or unsure")
            }
            let isKept = choice.verdict == .relabel && choice.name == label
            gathered[key]?.answers.append(
                Answer(
                    verdict: isKept ? .keep : choice.verdict, className: isKept ? nil : choice.name,
                    reviewer: Self.reviewer(annotation),
                    time: (annotation.member("updated_at") ?? annotation.member("created_at"))?.string ?? "",
                    isGroundTruth: annotation.member("ground_truth") == .bool(true)))
        }
    }

    /// Index of the image that a task is about: its path as `tailor review --to label-studio` wrote it, else what its
    /// URL ends in.
    private static func image(_ data: JSONValue, paths: ListedPaths) throws -> Int {
        let url = data.member(LabelStudioTask.imageName)?.string
        var candidates = [data.member("path")?.string].compactMap { $0 }
        if let url {
            let tail = url.firstRange(of: "?d=").map { String(url[$0.upperBound...]) } ?? url
            let path = tail.removingPercentEncoding ?? tail
            let components = path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
            candidates += components.indices.map { components[$0...].joined(separator: "/") }
        }
        for candidate in candidates {
            switch paths.match(candidate) {
            case .image(let index): return index
            case .sealed: throw DecisionError("\(candidate.printable) is a test image, which stays as it is")
            case .several(let found): throw DecisionError("\(candidate.printable) may be \(found.listed())")
            case .nothing: continue
            }
        }
        let name = data.member("path")?.string ?? url
        throw DecisionError(
            name.map { "\($0.printable) is no training or validation image" } ?? "names no image")
    }

    /// The one choice of an annotation; nil if it holds none.
    private static func choice(
        _ annotation: JSONValue, classes: ClassList
    ) throws -> (verdict: LabelDecision.Verdict, name: String?)? {
        guard case .array(let results)? = annotation.member("result") else { return nil }
        var verdicts: [LabelDecision.Verdict] = []
        var names: [String] = []
        for result in results where result.member("type") == .text("choices") {
            guard case .array(let choices)? = result.member("value")?.member("choices") else { continue }
            for choice in choices.compactMap(\.string) {
                if result.member("from_name")?.string == LabelStudioTask.decisionName {
                    guard let verdict = LabelDecision.Verdict(rawValue: choice), verdict != .relabel else {
                        throw DecisionError("expected exclude or unsure, got \(choice.printable)")
                    }
                    verdicts.append(verdict)
                } else if classes.index(of: choice) != nil {
                    names.append(choice)
                } else {
                    throw DecisionError(
                        "no class \(choice.printable) in the training data: expected \(classes.names.listed())"
                    )
                }
            }
        }
        guard verdicts.count <= 1, names.count <= 1 else {
            throw DecisionError(
                "several choices (\((names + verdicts.map(\.rawValue)).listed())): expected one")
        }
        // Whoever leaves an image out need not say what it shows.
        if let verdict = verdicts.first { return (verdict, nil) }
        return names.first.map { (.relabel, $0) }
    }

    private static func reviewer(_ annotation: JSONValue) -> String {
        let by = annotation.member("completed_by")
        return (by?.member("email") ?? by?.member("username") ?? by?.member("id") ?? by)?.plain ?? ""
    }

    private mutating func conclude(root: String, place: String) throws {
        var disputed: [String] = []
        var changed: [String] = []
        for key in order {
            guard let found = gathered[key], !found.answers.isEmpty else { continue }
            let truths = found.answers.filter(\.isGroundTruth)
            let answers = truths.isEmpty ? found.answers : truths
            let agree = answers.allSatisfy { $0.says(answers[0]) }
            if !agree { disputed.append(key.path) }
            var reviewers: [String] = []
            for answer in answers where !answer.reviewer.isEmpty && !reviewers.contains(answer.reviewer) {
                reviewers.append(answer.reviewer)
            }
            let file = URL(fileURLWithPath: root + "/" + key.path, isDirectory: false)
            // What cannot be read has none.
            let sha256 =
                try found.sha256.isEmpty && found.label.isEmpty ? "" : ContentHash.sha256(contentsOf: file)
            if !found.sha256.isEmpty, found.sha256.lowercased() != sha256 {
                changed.append("\(key.path.printable): changed since the task was made")
            }
            decisions.append(
                LabelDecision(
                    path: key.path, sha256: sha256,
                    oldLabel: found.label, verdict: agree ? answers[0].verdict : .unsure,
                    newLabel: agree ? answers[0].className : nil,
                    reviewer: reviewers.joined(separator: "; "), time: answers.map(\.time).max() ?? ""))
        }
        guard changed.isEmpty else {
            throw DecisionError("\(place): \(counted(changed.count, "task")) cannot be used:", lines: changed)
        }
        if !disputed.isEmpty {
            let verb = disputed.count == 1 ? "is" : "are"
            notes.append(
                "annotators differ about \(counted(disputed.count, "image")), which \(verb) unsure: "
                    + disputed.listed(limit: 3))
        }
        if skipped > 0 { notes.append("\(counted(skipped, "annotation")) skipped by the annotator") }
        if unanswered > 0 { notes.append("\(counted(unanswered, "annotation")) without a choice") }
        let open = order.count - decisions.count
        if open > 0 { notes.append("\(counted(open, "image")) not decided") }
    }
}

extension JSONValue {
    fileprivate func member(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    fileprivate var string: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    /// Text or whole number.
    fileprivate var plain: String? {
        switch self {
        case .text(let text): text
        case .integer(let number): "\(number)"
        default: nil
        }
    }
}
