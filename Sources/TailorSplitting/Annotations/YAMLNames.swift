import Foundation
import TailorDatasets
import TailorSupport

/// Class names from `names:` in a YOLO `data.yaml`: a list, or a map from integers in any order, with or
/// without gaps; at the top, else in the only map below that has some.
///
/// A name is taken as written: `yes` and `0` are names, too. Beside it `kpt_shape` is read; the rest of the
/// file must be YAML and is ignored.
enum YAMLNames {
    struct Content {
        let names: [Int: String]
        /// Number of the numbers that describe keypoints after each box: the product of `kpt_shape`.
        let keypointNumbers: Int?
    }

    /// Parses the names by their indices, at least one. Throws `AnnotationError.malformed`.
    static func parse(_ data: Data, path: String) throws(AnnotationError) -> Content {
        let content: Content?
        do throws(YAMLProblem) {
            content = try Self.content(of: YAMLNode.read(data))
        } catch {
            throw .malformed(path: path, place: error.place, reason: error.reason)
        }
        guard let content else {
            throw .malformed(path: path, place: nil, reason: "expected names:, got none")
        }
        return content
    }

    private static func content(of root: YAMLNode?) throws(YAMLProblem) -> Content? {
        guard let root else { return nil }
        guard case .mapping = root.content else {
            throw YAMLProblem(root.mark, "expected names:, got \(root.described)")
        }
        var holders: [YAMLNode] = []
        var visits = 0
        collect(root, into: &holders, visits: &visits)
        guard let holder = holders.first, let value = try value("names", in: holder) else { return nil }
        if holders.count > 1 {
            throw YAMLProblem(holders[1].mark, "names: expected in one map, got a second one here")
        }
        return Content(
            names: try names(value), keypointNumbers: try keypointNumbers(in: holder))
    }

    /// Maps with `names`, from the top down; none within such a map.
    private static func collect(_ node: YAMLNode, into holders: inout [YAMLNode], visits: inout Int) {
        // Aliases share their nodes, so that a small file can have very many paths.
        visits += 1
        guard visits <= 10_000, case .mapping(let pairs) = node.content else { return }
        if pairs.contains(where: { isKey("names", $0.key) }) { return holders.append(node) }
        for pair in pairs { collect(pair.value, into: &holders, visits: &visits) }
    }

    private static func isKey(_ name: String, _ node: YAMLNode) -> Bool {
        if case .scalar(let text, _) = node.content { text == name } else { false }
    }

    private static func value(_ name: String, in map: YAMLNode) throws(YAMLProblem) -> YAMLNode? {
        guard case .mapping(let pairs) = map.content else { return nil }
        let found = pairs.filter { isKey(name, $0.key) }
        if found.count > 1 { throw YAMLProblem(found[1].key.mark, "\(name): expected once, got twice") }
        return found.first?.value
    }

    private static func keypointNumbers(in map: YAMLNode) throws(YAMLProblem) -> Int? {
        guard let shape = try value("kpt_shape", in: map) else { return nil }
        guard case .sequence(let items) = shape.content, items.count == 2 else {
            throw YAMLProblem(shape.mark, "kpt_shape: expected two numbers, got \(shape.described)")
        }
        let count = try number(items[0])
        let numbers = try number(items[1])
        guard (1...1000).contains(count), (2...3).contains(numbers) else {
            throw YAMLProblem(
                shape.mark,
                "kpt_shape: expected a number of keypoints, and 2 or 3, got \(count) and \(numbers)")
        }
        return count * numbers
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
