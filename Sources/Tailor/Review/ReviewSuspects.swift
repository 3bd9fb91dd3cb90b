import Foundation
import TailorAudit
import TailorDatasets
import TailorReports
import TailorSupport

/// What a person should look at in a dataset, and in which order: doubtful labels, the same picture under two classes,
/// copies across splits, odd images, files that cannot be read. Each image once, with all that speaks for looking.
///
/// The test set stays sealed: its images are named as copies, without their labels, and are never to be decided about.
package struct ReviewSuspects {
    /// Class probabilities of one image by a model that had not seen it.
    package struct Answer: Sendable {
        /// Index of the audit's images.
        package let image: Int
        /// Class that the model was trained with.
        package let label: Int
        /// By the audit's classes.
        package let probabilities: [Double]

        package init(image: Int, label: Int, probabilities: [Double]) {
            self.image = image
            self.label = label
            self.probabilities = probabilities
        }
    }

    package private(set) var suspects: [ReviewPage.Suspect] = []
    /// What the review does not ask about.
    package private(set) var notes: [String] = []

    private let audit: DatasetAudit
    private var positions: [PathKey: Int] = [:]

    /// Fewest answers of a run from which doubtful labels are derived.
    private static let fewestAnswers = 10

    /// - Parameter answers: of a run; they come before the audit's for the images that they are about.
    package init(_ audit: DatasetAudit, answers: [Answer] = []) {
        self.audit = audit
        addLabels(answers)
        addCopies()
        addOdd()
        addUnreadable()
        addNotes()
    }

    private mutating func add(
        _ index: Int, _ kind: ReviewPage.Kind, _ reason: String, neighbours: [ReviewPage.Neighbour] = [],
        _ change: (inout ReviewPage.Suspect) -> Void = { _ in }
    ) {
        let image = audit.images[index]
        guard image.split != .test else { return }
        let fresh = ReviewPage.Suspect(
            path: image.path, sha256: image.measurement.sha256, label: image.label, part: image.split)
        add(fresh, kind, reason) { suspect in
            // Where it lies a second time says more than what it resembles.
            if kind == .classes || kind == .copies, !neighbours.isEmpty {
                let isFirst = !suspect.kinds.dropLast().contains { $0 == .classes || $0 == .copies }
                suspect.neighbours = isFirst ? neighbours : suspect.neighbours
            } else if suspect.neighbours.isEmpty {
                suspect.neighbours = neighbours
            }
            change(&suspect)
        }
    }

    private mutating func add(
        _ fresh: ReviewPage.Suspect, _ kind: ReviewPage.Kind, _ reason: String,
        _ change: (inout ReviewPage.Suspect) -> Void
    ) {
        let position = positions[PathKey(fresh.path)] ?? suspects.count
        if position == suspects.count {
            suspects.append(fresh)
            positions[PathKey(fresh.path)] = position
        }
        if !suspects[position].kinds.contains(kind) { suspects[position].kinds.append(kind) }
        suspects[position].reasons.append(reason)
        change(&suspects[position])
    }

    private func neighbour(_ index: Int) -> ReviewPage.Neighbour {
        let image = audit.images[index]
        return .init(
            path: image.path, label: image.split == .test ? nil : image.label, part: image.split)
    }

    private mutating func addLabels(_ answers: [Answer]) {
        let answered = Set(answers.map(\.image))
        let ofAudit = audit.labelSuspects.filter { !answered.contains($0.image) }
        let ofRun =
            answers.count < Self.fewestAnswers
            ? []
            : LabelChecks(
                probabilities: answers.map(\.probabilities), labels: answers.map(\.label),
                classCount: audit.classes.count
            ).suspects.map { (answer: answers[$0.index], suggestion: $0.suggestion, score: $0.score) }
        let nearest = Dictionary(
            audit.labelSuspects.map { ($0.image, $0.neighbours) }, uniquingKeysWith: { first, _ in first })
        var found = ofAudit.map {
            (
                image: $0.image, suggestion: $0.suggestion, own: $0.labelProbability,
                other: $0.suggestionProbability, score: $0.score, of: "a classifier of features"
            )
        }
        found += ofRun.map {
            (
                $0.answer.image, $0.suggestion, $0.answer.probabilities[$0.answer.label],
                $0.answer.probabilities[$0.suggestion], $0.score, "the run's model"
            )
        }
        let trained = audit.trainedClassCount
        for suspect in found.sorted(by: { ($0.score, $1.image) > ($1.score, $0.image) }) {
            let looks = audit.classes[suspect.suggestion].printable
            add(
                suspect.image, .label,
                "looks like \(looks) to \(suspect.of) that had not seen it",
                neighbours: (nearest[suspect.image] ?? audit.neighbours?[suspect.image] ?? []).map(neighbour)
            ) {
                // Nothing can be relabelled as a class that training does not know.
                if suspect.suggestion < trained { $0.suggestion = suspect.suggestion }
                $0.labelProbability = suspect.own
                $0.suggestionProbability = suspect.other
            }
        }
    }

    private mutating func addCopies() {
        var sets = DisjointSets(count: audit.images.count)
        for pair in audit.duplicatePairs where DuplicatePair.Kind.copies.contains(pair.kind) {
            sets.join(pair.first, pair.second)
        }
        let clusters = sets.clusters()
        let images = audit.images
        for cluster in clusters {
            let learning = cluster.filter { images[$0].split != .test }
            guard Set(learning.map { images[$0].label }).count > 1 else { continue }
            for index in learning {
                let others = learning.filter { images[$0].label != images[index].label }
                let names = Set(others.map { audit.classes[images[$0].label] }).sorted()
                // Without a suggestion: accepted for both, it would exchange the labels.
                add(
                    index, .classes, "the same picture is also labelled \(names.listed())",
                    neighbours: others.map(neighbour))
            }
        }
        for cluster in clusters {
            let parts = Set(cluster.map { images[$0].split })
            guard parts.count > 1 else { continue }
            // As --fix: what evaluates stays.
            let kept: SplitPart = parts.contains(.test) ? .test : .val
            let staying = cluster.filter { images[$0].split == kept }
            for index in cluster where images[index].split != kept {
                add(
                    index, .copies,
                    "a copy is in \(kept.rawValue): \(staying.map { images[$0].path }.listed(limit: 2)). With "
                        + "both, the result is too good",
                    neighbours: staying.map(neighbour)
                ) { $0.suggestsExclusion = true }
            }
        }
    }

    private static let oddCodes = ["blank", "tiny", "extreme-aspect", "odd-format"]

    private mutating func addOdd() {
        let indices = Dictionary(
            audit.images.indices.map { (PathKey(audit.images[$0].path), $0) },
            uniquingKeysWith: { first, _ in first })
        for code in Self.oddCodes {
            for item in audit.report.findings.filter({ $0.code == code }).flatMap(\.items) {
                for index in item.paths.compactMap({ indices[PathKey($0)] }) {
                    let what = code == "blank" ? "blank or nearly so" : code.replacing("-", with: " ")
                    add(index, .extreme, "\(what): \(item.note)") {
                        if code == "blank" { $0.suggestsExclusion = true }
                    }
                }
            }
        }
    }

    private mutating func addUnreadable() {
        for file in audit.unreadable where file.part != .test {
            let url = URL(fileURLWithPath: audit.report.root + "/" + file.path, isDirectory: false)
            let fresh = ReviewPage.Suspect(
                path: file.path, sha256: (try? ContentHash.sha256(contentsOf: url)) ?? "", label: file.label,
                part: file.part ?? .train)
            add(fresh, .unreadable, "cannot be read: \(file.reason)") { $0.suggestsExclusion = true }
        }
    }

    private mutating func addNotes() {
        notes.append(
            "Test images are not asked about: labels that are changed with a model's help come to suit it. A copy "
                + "of a test image is to be left out of training, and the test image's own label is not shown."
        )
        let sealed = audit.unreadable.filter { $0.part == .test }.count
        if sealed > 0 {
            notes.append(
                "\(counted(sealed, "test image")) cannot be read, which tailor check names; not asked about here."
            )
        }
        if audit.labelSuspects.isEmpty, !suspects.contains(where: { $0.kinds.contains(.label) }) {
            notes.append("No label is doubtful, or none was looked at (--no-features).")
        }
    }
}
