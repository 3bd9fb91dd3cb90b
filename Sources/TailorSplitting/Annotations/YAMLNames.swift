import Foundation
import TailorDatasets
import TailorSupport

/// Class names from `names:` in a YOLO `data.yaml`: a list, or a map from integers in any order, with or
/// without gaps.
///
/// A name is taken as written: `yes` and `0` are names, too. The rest of the file must be YAML and is
/// ignored.
enum YAMLNames {
    /// Parses the names by their indices, at least one. Throws `AnnotationError.malformed`.
    static func parse(_ data: Data, path: String) throws(AnnotationError) -> [Int: String] {
        let names: [Int: String]?
        do throws(YAMLProblem) {
            names = try value(in: YAMLNode.read(data)).map(Self.names)
        } catch {
            throw .malformed(path: path, place: error.place, reason: error.reason)
        }
        guard let names else {
            throw .malformed(path: path, place: nil, reason: "expected names:, got none")
        }
        return names
    }

    /// Value of `names` in the root map.
    private static func value(in root: YAMLNode?) throws(YAMLProblem) -> YAMLNode? {
        guard let root else { return nil }
        guard case .mapping(let pairs) = root.content else {
            throw YAMLProblem(root.mark, "expected names:, got \(root.described)")
        }
        let found = pairs.filter { pair in
            if case .scalar("names", _) = pair.key.content { true } else { false }
        }
        if found.count > 1 { throw YAMLProblem(found[1].key.mark, "names: expected once, got twice") }
        return found.first?.value
    }

    private static func names(_ value: YAMLNode) throws(YAMLProblem) -> [Int: String] {
        try checkTag(value)
        var names: [Int: String] = [:]
        switch value.content {
        case .sequence(let items):
            for (number, item) in items.enumerated() { names[number] = try name(item) }
        case .mapping(let pairs):
            for pair in pairs {
                let number = try number(pair.key)
                guard names.updateValue(try name(pair.value), forKey: number) == nil else {
                    throw YAMLProblem(pair.key.mark, "class \(number) is named twice")
                }
            }
        case .scalar("", isPlain: true): break
        case .scalar:
            throw YAMLProblem(value.mark, "names: expected a list or a map, got \(value.described)")
        }
        guard !names.isEmpty else { throw YAMLProblem(value.mark, "names: expected one or more, got none") }
        return names
    }

    private static func number(_ key: YAMLNode) throws(YAMLProblem) -> Int {
        try checkTag(key)
        guard case .scalar(let text, _) = key.content, let number = Int(text), number >= 0 else {
            throw YAMLProblem(key.mark, "expected the whole number of a class, got \(key.described)")
        }
        return number
    }

    private static func name(_ node: YAMLNode) throws(YAMLProblem) -> String {
        try checkTag(node)
        switch node.content {
        // In YAML both are null.
        case .scalar("", _), .scalar("~", isPlain: true): break
        case .scalar(let text, _): return text
        case .sequence, .mapping: break
        }
        throw YAMLProblem(node.mark, "expected a name, got \(node.described)")
    }

    /// Checks that a tag is one of YAML's core types; others are refused.
    private static func checkTag(_ node: YAMLNode) throws(YAMLProblem) {
        let common = ["str", "int", "seq", "map"].map { "tag:yaml.org,2002:" + $0 }
        guard let tag = node.tag, tag != "!", !common.contains(tag) else { return }
        throw YAMLProblem(node.mark, "expected no tag, got \(String(tag.prefix(120)).printable)")
    }
}
