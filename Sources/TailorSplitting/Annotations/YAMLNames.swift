import Foundation
import TailorDatasets
import TailorSupport

/// The `names:` of a YOLO `data.yaml`: a list, or a map from whole numbers in any order, with or without gaps.
///
/// A name is taken as written: `yes` and `0` are names like others. The rest of the file has to be YAML and is
/// not looked into.
enum YAMLNames {
    /// The names by their numbers; one at least. Throws `AnnotationError.malformed`.
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

    /// What stands behind `names` in the outermost map.
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
        // In YAML both are no value at all.
        case .scalar("", _), .scalar("~", isPlain: true): break
        case .scalar(let text, _): return text
        case .sequence, .mapping: break
        }
        throw YAMLProblem(node.mark, "expected a name, got \(node.described)")
    }

    /// YAML's own kinds of text, numbers, lists and maps say nothing new; other tags ask for something else.
    private static func checkTag(_ node: YAMLNode) throws(YAMLProblem) {
        let common = ["str", "int", "seq", "map"].map { "tag:yaml.org,2002:" + $0 }
        guard let tag = node.tag, tag != "!", !common.contains(tag) else { return }
        throw YAMLProblem(node.mark, "expected no tag, got \(String(tag.prefix(120)).printable)")
    }
}
