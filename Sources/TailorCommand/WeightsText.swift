import Foundation
import Tailor
import TailorSupport
import TailorTerminal

/// What `tailor weights` prints for people.
enum WeightsText {
    static func describe(_ weights: KnownWeights) -> String {
        let place =
            switch weights.state {
            case .bundled: "bundled: \(weights.location ?? "")"
            case .cached: "cached: \(weights.location ?? "")"
            case .notCached: weights.location.map { "not cached: would lie at \($0)" } ?? "not cached"
            case .missing: "missing: not beside the program"
            }
        var rows = [("where", place)]
        if let url = weights.url { rows.append(("from", url)) }
        rows += [
            ("accuracy", weights.accuracy), ("licence", weights.licence), ("SHA-256", weights.sha256),
        ]
        return block(title: weights.name, rows)
    }

    static func describe(_ verification: WeightsVerification, title: String) -> String {
        let verdict = verification.problem.map { "cannot be used: \($0)" } ?? "training can start from it"
        guard let facts = verification.facts else { return block(title: "\(title): \(verdict)", []) }
        var rows = [
            ("file", "\(facts.format.rawValue), \(String(format: "%.1f MB", Double(facts.bytes) / 1e6))"),
            ("SHA-256", facts.sha256 + (verification.known.map { " (\($0)'s)" } ?? "")),
        ]
        if let architecture = facts.architecture { rows.append(("network", architecture)) }
        if let spelling = facts.spelling {
            rows.append(("names", spelling == .torchvision ? "torchvision's, and timm's" : "transformers'"))
        }
        if let dictionary = facts.dictionary {
            rows.append(("taken", dictionary + left(facts.otherDictionaries)))
        }
        if !facts.prefix.isEmpty || !facts.otherNetworks.isEmpty {
            rows.append(
                ("prefix", (facts.prefix.isEmpty ? "none" : facts.prefix) + left(facts.otherNetworks)))
        }
        if !facts.elements.isEmpty { rows.append(("elements", facts.elements.joined(separator: ", "))) }
        if facts.architecture != nil {
            let head = facts.headClasses.map { "\($0) classes (\(facts.head ?? "")), replaced in training" }
            rows.append(("head", head ?? "none"))
        }
        if !facts.leftOut.isEmpty {
            let names = facts.leftOut.prefix(3).joined(separator: ", ") + (facts.leftOut.count > 3 ? "…" : "")
            rows.append(("left out", "\(Format.count(facts.leftOut.count, "tensor")): \(names)"))
        }
        return block(title: "\(title): \(verdict)", rows)
    }

    private static func left(_ others: [String]) -> String {
        guard !others.isEmpty else { return "" }
        return "; left: " + others.prefix(5).joined(separator: ", ") + (others.count > 5 ? "…" : "")
    }

    private static func block(title: String, _ rows: [(name: String, value: String)]) -> String {
        let lines = rows.map {
            "  " + $0.name.padding(toLength: 9, withPad: " ", startingAt: 0) + $0.value.printable
        }
        return ([title.printable] + lines).joined(separator: "\n")
    }
}
