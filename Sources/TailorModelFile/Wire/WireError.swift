/// An error that says why bytes are no message, and where.
package struct WireError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Problem: Equatable, Sendable {
        /// A value takes more bytes than are left in the enclosing message.
        case truncated(expected: Int, got: Int)
        /// The last byte of a varint is missing.
        case unfinishedVarint
        /// A varint has more than ten bytes or 64 bits.
        case overlongVarint
        /// A length in bytes goes beyond the enclosing message.
        case length(UInt64, available: Int)
        /// A tag of more than 32 bits.
        case tag(UInt64)
        case fieldZero
        /// Wire types 3 and 4; nothing in a model file is written so.
        case group(field: Int)
        /// Wire types 6 and 7, which the format does not define.
        case undefinedWireType(Int, field: Int)
        case wireType(WireType, field: Int, expected: String)
        case notUTF8(field: Int)
        /// A length in bytes of packed 4-byte numbers is no multiple of four.
        case brokenPack(Int, field: Int)
        /// A field occurs twice that may occur only once.
        case repeated(field: Int)
        /// Messages are nested too deeply.
        case tooDeep(limit: Int)
        /// The bytes are too many.
        case tooLarge(Int, limit: Int)
        /// The fields and packed numbers of all messages are too many.
        case tooManyFields(limit: Int)
    }

    package let problem: Problem
    /// Offset in the file of the tag, length or value in question, in bytes.
    package let offset: Int

    package init(_ problem: Problem, at offset: Int) {
        self.problem = problem
        self.offset = offset
    }

    package var description: String { "byte \(offset): \(what)" }

    private var what: String {
        switch problem {
        case .truncated(let expected, let got): "cut off: expected \(expected) bytes, got \(got)"
        case .unfinishedVarint: "cut off within a varint"
        case .overlongVarint: "a varint of more than 10 bytes or 64 bits"
        case .length(let length, let available):
            "a length of \(length) bytes, of which \(available) are there"
        case .tag(let tag): "a tag of more than 32 bits, \(tag)"
        case .fieldZero: "field number 0; they begin at 1"
        case .group(let field): "field \(field) is a group; model files have none"
        case .undefinedWireType(let type, let field):
            "field \(field): wire type \(type), expected 0, 1, 2 or 5"
        case .wireType(let type, let field, let expected): "field \(field): expected \(expected), got \(type)"
        case .notUTF8(let field): "field \(field): its text is not UTF-8"
        case .brokenPack(let length, let field):
            "field \(field): expected a multiple of 4 bytes of packed numbers, got \(length)"
        case .repeated(let field): "field \(field) a second time; expected it once"
        case .tooDeep(let limit): "messages nested more than \(limit) deep"
        case .tooLarge(let bytes, let limit): "\(bytes) bytes; the limit is \(limit)"
        case .tooManyFields(let limit): "more than \(limit) fields and packed numbers"
        }
    }
}
