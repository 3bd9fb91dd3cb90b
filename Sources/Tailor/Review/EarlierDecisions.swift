import TailorAudit
import TailorDatasets
import TailorSupport

/// Which of earlier decisions are about these images, as they are now. Training and `check --apply` would refuse the
/// others.
package struct EarlierDecisions {
    private struct Known {
        let sha256: String
        let className: String
        let isTest: Bool
    }

    private let known: [PathKey: Known]
    private let unreadable: Set<PathKey>
    private let targets: Set<String>

    package init(_ audit: DatasetAudit) {
        known = Dictionary(
            audit.images.map {
                (
                    PathKey($0.path),
                    Known(
                        sha256: $0.measurement.sha256, className: audit.classes[$0.label],
                        isTest: $0.split == .test)
                )
            }, uniquingKeysWith: { first, _ in first })
        unreadable = Set(audit.unreadable.map { PathKey($0.path) })
        targets = Set(audit.classes.prefix(audit.trainedClassCount))
    }

    /// Why decisions do not fit, by their places in the list.
    package func misfits(_ decisions: [LabelDecision]) -> [Int: String] {
        var found: [Int: String] = [:]
        for (index, decision) in decisions.enumerated() { found[index] = misfit(decision) }
        return found
    }

    private func misfit(_ decision: LabelDecision) -> String? {
        guard let image = known[PathKey(decision.path)] else {
            return unreadable.contains(PathKey(decision.path)) ? nil : "no such image"
        }
        // Kept or left open, it is passed over.
        if image.isTest {
            return decision.verdict == .keep || decision.verdict == .unsure ? nil : "a test image"
        }
        if image.className != decision.oldLabel {
            return "labelled \(image.className.printable), not \(decision.oldLabel.printable)"
        }
        if image.sha256 != decision.sha256 { return "the file has changed" }
        if let name = decision.newLabel, !targets.contains(name) { return "no class \(name.printable)" }
        return nil
    }
}
