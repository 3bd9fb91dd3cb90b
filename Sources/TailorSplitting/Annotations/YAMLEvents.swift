import CLibYAML
import Foundation
import TailorDatasets
import TailorSupport

/// Position in a YAML file: line and column, from 1.
struct YAMLMark {
    let line: Int
    let column: Int

    var description: String { "line \(line), column \(column)" }
}

/// Reason for refusing a YAML file, with its position.
struct YAMLProblem: Error {
    let place: String
    let reason: String

    init(_ mark: YAMLMark, _ reason: String) {
        place = mark.description
        self.reason = reason
    }

    fileprivate init(place: String, reason: String) {
        self.place = place
        self.reason = reason
    }
}

/// Event of libyaml's parser.
struct YAMLEvent {
    enum Kind {
        case documentStart, documentEnd, streamEnd
        case alias(String)
        /// Scalar; `isPlain` if it is not quoted.
        case scalar(String, isPlain: Bool)
        case sequenceStart, sequenceEnd, mappingStart, mappingEnd
        /// Start of the stream.
        case other
    }

    let kind: Kind
    let mark: YAMLMark
    var anchor: String?
    /// Full tag, for example `tag:yaml.org,2002:str`.
    var tag: String?
}

/// Event parser over libyaml for a file in UTF-8 or UTF-16. The only importer of `CLibYAML`.
struct YAMLEvents: ~Copyable {
    // Both owned: allocated in `init`, freed in `deinit`. libyaml reads the bytes in place.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    init(_ data: Data) throws(YAMLProblem) {
        parser = .allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            yaml_parser_delete(parser)
            parser.deallocate()
            throw YAMLProblem(YAMLMark(line: 1, column: 1), "no memory is left to read it")
        }
        bytes = .allocate(capacity: max(1, data.count))
        _ = bytes.initialize(from: data)
        yaml_parser_set_input_string(parser, bytes.baseAddress, data.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        bytes.deallocate()
    }

    /// Parses the next event; not to be called after `streamEnd`.
    mutating func next() throws(YAMLProblem) -> YAMLEvent {
        var event = yaml_event_t()
        defer { yaml_event_delete(&event) }
        guard yaml_parser_parse(parser, &event) == 1 else { throw problem }
        let mark = YAMLMark(event.start_mark)
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: return YAMLEvent(kind: .documentStart, mark: mark)
        case YAML_DOCUMENT_END_EVENT: return YAMLEvent(kind: .documentEnd, mark: mark)
        case YAML_STREAM_END_EVENT: return YAMLEvent(kind: .streamEnd, mark: mark)
        case YAML_ALIAS_EVENT:
            return YAMLEvent(kind: .alias(text(event.data.alias.anchor) ?? ""), mark: mark)
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let value = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let kind = YAMLEvent.Kind.scalar(
                String(decoding: value, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
            return YAMLEvent(kind: kind, mark: mark, anchor: text(scalar.anchor), tag: text(scalar.tag))
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            return YAMLEvent(
                kind: .sequenceStart, mark: mark, anchor: text(start.anchor), tag: text(start.tag))
        case YAML_SEQUENCE_END_EVENT: return YAMLEvent(kind: .sequenceEnd, mark: mark)
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            return YAMLEvent(
                kind: .mappingStart, mark: mark, anchor: text(start.anchor), tag: text(start.tag))
        case YAML_MAPPING_END_EVENT: return YAMLEvent(kind: .mappingEnd, mark: mark)
        default: return YAMLEvent(kind: .other, mark: mark)
        }
    }

    private func text(_ bytes: UnsafeMutablePointer<UInt8>?) -> String? {
        bytes.map { String(cString: $0) }
    }

    /// Error of libyaml for the last failed call.
    private var problem: YAMLProblem {
        let state = parser.pointee
        let what = state.problem.map { String(cString: $0) } ?? "libyaml gives no reason"
        switch state.error {
        case YAML_MEMORY_ERROR: return YAMLProblem(YAMLMark(state.mark), "no memory is left to read it")
        case YAML_READER_ERROR:
            // Decoding failed there, so the line is unknown.
            return YAMLProblem(
                place: "byte \(state.problem_offset + 1)", reason: "expected text in UTF-8 or UTF-16: \(what)"
            )
        default:
            let context = state.context.map {
                " \(String(cString: $0)) from \(YAMLMark(state.context_mark).description)"
            }
            return YAMLProblem(YAMLMark(state.problem_mark), "not valid YAML: \(what)\(context ?? "")")
        }
    }
}

extension YAMLMark {
    fileprivate init(_ mark: yaml_mark_t) {
        line = Int(mark.line) + 1
        column = Int(mark.column) + 1
    }
}
