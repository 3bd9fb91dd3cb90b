import Foundation
import TailorDatasets
import TailorSupport

/// Node of a YAML document. An alias shares the node of its anchor; nothing is copied, and no node can
/// contain itself.
struct YAMLNode {
    enum Content {
        /// Scalar as written: `yes` and `0` are text, too; `isPlain` if it is not quoted.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        case mapping([Pair])
    }

    struct Pair {
        let key: YAMLNode
        let value: YAMLNode
    }

    let content: Content
    let tag: String?
    /// Position of the node; for an alias that of the alias, not of its anchor.
    var mark: YAMLMark

    /// Description for messages.
    var described: String {
        switch content {
        case .scalar("", isPlain: true): "nothing"
        case .scalar(let text, _): "\"\(String(text.prefix(120)).printable)\""
        case .sequence: "a list"
        case .mapping: "a map"
        }
    }

    /// Reads the only document of a file; nil for an empty file. Throws `YAMLProblem`.
    static func read(_ data: Data) throws(YAMLProblem) -> YAMLNode? {
        var composer = try YAMLComposer(data)
        return try composer.document()
    }
}

/// Composer of nodes from events, with limits on depth and number.
private struct YAMLComposer: ~Copyable {
    private static let maximumDepth = 32
    private static let maximumEvents = 100_000

    private var events: YAMLEvents
    private var eventCount = 0
    /// Anchors of completed nodes only, so that no alias can refer to a node that contains it.
    private var anchors: [String: YAMLNode] = [:]

    init(_ data: Data) throws(YAMLProblem) { events = try YAMLEvents(data) }

    mutating func document() throws(YAMLProblem) -> YAMLNode? {
        var root: YAMLNode?
        while true {
            let event = try next()
            switch event.kind {
            case .streamEnd: return root
            case .documentStart:
                guard root == nil else {
                    throw YAMLProblem(event.mark, "expected one document, got a second one")
                }
                root = try node(try next(), depth: 1)
            default: break
            }
        }
    }

    private mutating func next() throws(YAMLProblem) -> YAMLEvent {
        let event = try events.next()
        eventCount += 1
        guard eventCount <= Self.maximumEvents else {
            throw YAMLProblem(event.mark, "more than \(Self.maximumEvents) values, brackets and aliases")
        }
        return event
    }

    /// Composes a node.
    ///
    /// - Parameter event: its first event.
    private mutating func node(_ event: YAMLEvent, depth: Int) throws(YAMLProblem) -> YAMLNode {
        guard depth <= Self.maximumDepth else {
            throw YAMLProblem(event.mark, "nested deeper than \(Self.maximumDepth) lists and maps")
        }
        let content: YAMLNode.Content
        switch event.kind {
        case .scalar(let text, let isPlain): content = .scalar(text, isPlain: isPlain)
        case .sequenceStart: content = .sequence(try items(depth: depth))
        case .mappingStart: content = .mapping(try pairs(depth: depth))
        case .alias(let name):
            guard var node = anchors[name] else {
                throw YAMLProblem(
                    event.mark,
                    "*\(name.printable): expected an alias of an anchor that is complete before it")
            }
            node.mark = event.mark
            return node
        default: throw YAMLProblem(event.mark, "expected a value, got none")
        }
        let node = YAMLNode(content: content, tag: event.tag, mark: event.mark)
        if let anchor = event.anchor { anchors[anchor] = node }
        return node
    }

    private mutating func items(depth: Int) throws(YAMLProblem) -> [YAMLNode] {
        var items: [YAMLNode] = []
        while true {
            let event = try next()
            if case .sequenceEnd = event.kind { return items }
            items.append(try node(event, depth: depth + 1))
        }
    }

    private mutating func pairs(depth: Int) throws(YAMLProblem) -> [YAMLNode.Pair] {
        var pairs: [YAMLNode.Pair] = []
        while true {
            let event = try next()
            if case .mappingEnd = event.kind { return pairs }
            let key = try node(event, depth: depth + 1)
            pairs.append(YAMLNode.Pair(key: key, value: try node(try next(), depth: depth + 1)))
        }
    }
}
