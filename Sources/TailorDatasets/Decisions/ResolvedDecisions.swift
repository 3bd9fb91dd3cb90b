import Foundation
import TailorSupport

/// What decisions mean for the training and validation images of a dataset.
package struct ResolvedDecisions: Sendable {
    /// An image that may be decided about.
    package struct Known: Sendable {
        /// Path from the dataset's folder.
        package let path: String
        /// Nil where none is known, of entries that are no images.
        package let className: String?

        package init(path: String, className: String?) {
            self.path = path
            self.className = className
        }
    }

    /// New classes (indices of the class list) by indices of the known images.
    package private(set) var labels: [Int: Int] = [:]
    /// Indices of the known images that are left out.
    package private(set) var excluded: Set<Int> = []
    package let applied: AppliedDecisions
    package private(set) var notes: [String] = []

    /// Finds the images, and reads those files to see whether they are what was looked at.
    ///
    /// - Parameters:
    ///   - known: training and validation images, each once.
    ///   - paths: the paths of `known`, which know where the test set lies.
    ///   - classes: names in the order of labels.
    /// - Throws: ``DecisionError`` naming every decision that does not fit: no such image, a test image, another
    ///   class than it had, a file that has changed, an unknown class. `ContentHashError`.
    package init(
        _ list: DecisionList, known: [Known], paths: ListedPaths, root: String, classes: [String]
    ) throws {
        let numbers = Dictionary(
            classes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var refusals: [String] = []
        var applied: [LabelDecision] = []
        var seen: [Int: String] = [:]
        var sealed = 0
        for decision in list.decisions {
            func refuse(_ reason: String) { refusals.append("\(decision.path.printable): \(reason)") }
            switch paths.match(decision.path) {
            case .nothing: refuse("no such training or validation image")
            case .several(let paths): refuse("may be \(paths.listed())")
            case .sealed where decision.verdict == .keep || decision.verdict == .unsure: sealed += 1
            case .sealed:
                refuse(
                    "a test image: with the help of a model, its labels would come to suit the model; leave "
                        + "the test set as it is")
            case .image(let index):
                if let earlier = seen.updateValue(decision.path, forKey: index) {
                    refuse("the same image as \(earlier.printable), decided twice")
                    continue
                }
                let image = known[index]
                if let reason = try Self.misfit(decision, image, root: root) {
                    refuse(reason)
                    continue
                }
                if let name = decision.newLabel {
                    guard let label = numbers[name] else {
                        refuse(
                            "no class \(name.printable) in the training data: expected \(classes.listed())")
                        continue
                    }
                    labels[index] = label
                }
                if decision.verdict == .exclude { excluded.insert(index) }
                var named = decision
                named.path = image.path
                applied.append(named)
            }
        }
        guard refusals.isEmpty else {
            throw DecisionError(
                "\(refusals.count) of \(counted(list.decisions.count, "decision")) "
                    + "\(refusals.count == 1 ? "does" : "do") not fit \(root.printable); nothing was changed:",
                lines: refusals)
        }
        self.applied = AppliedDecisions(applied)
        if sealed > 0 {
            notes.append("\(counted(sealed, "decision")) about test images, which stay as they are")
        }
    }

    /// Why a decision is about another file or label than is there; nil if it fits.
    private static func misfit(_ decision: LabelDecision, _ image: Known, root: String) throws -> String? {
        if let name = image.className, name != decision.oldLabel {
            return "labelled \(name.printable), but \(decision.oldLabel.printable) when it was looked at"
        }
        let found: String
        do {
            found = try ContentHash.sha256(
                contentsOf: URL(fileURLWithPath: root + "/" + image.path, isDirectory: false))
        } catch let error as FileError {
            // What cannot be read was not looked at either.
            if decision.sha256.isEmpty, decision.verdict != .relabel { return nil }
            return "cannot be read: \(error.reason)"
        }
        guard !decision.sha256.isEmpty else { return "without the SHA-256 of the file that was looked at" }
        return found == decision.sha256
            ? nil
            : "changed since it was looked at: SHA-256 \(decision.sha256.prefix(8))… then, "
                + "\(found.prefix(8))… now"
    }
}
