import Foundation

/// Wire type: the encoding of a field's value, the low three bits of its tag.
///
/// Protocol Buffers encoding, "Message Structure": https://protobuf.dev/programming-guides/encoding/
package enum WireType: Int, Sendable, CustomStringConvertible {
    case varint = 0
    case fixed64 = 1
    /// A length in bytes, then as many bytes: text, bytes, a message, packed numbers.
    case lengthDelimited = 2
    case fixed32 = 5

    package var description: String {
        switch self {
        case .varint: "a varint"
        case .fixed64: "8 bytes"
        case .lengthDelimited: "a length"
        case .fixed32: "4 bytes"
        }
    }
}

/// A field's tag, read before its value.
package struct WireField: Sendable {
    /// Field number, 1 ..< 2²⁹.
    package let number: Int
    package let type: WireType
    /// Offset of the tag in the file, in bytes.
    package let offset: Int
}

/// Numbers of a message's fields that its type does not know, for refusing such a message. Their values are
/// skipped and not written again.
package struct UnknownFields: Equatable, Sendable {
    /// Most numbers that are kept; a hostile message could hold millions.
    static let limit = 16

    /// Distinct field numbers in order of occurrence; the first sixteen.
    package private(set) var numbers: [Int] = []

    package init() {}

    package var isEmpty: Bool { numbers.isEmpty }

    mutating func insert(_ number: Int) {
        guard numbers.count < Self.limit, !numbers.contains(number) else { return }
        numbers.append(number)
    }
}

/// A message of Protocol Buffers, version 3: fields that hold their default value (0, "", no bytes, no
/// elements) are not written, unless an optional property holds it.
package protocol WireMessage: Equatable, Sendable {
    /// Creates a message with every field at its default.
    init()

    /// Fields that reading skipped; never written.
    var unknownFields: UnknownFields { get set }

    /// Takes one field's value from the reader and merges it into what was read before: a single value
    /// replaces the last one, elements are appended, a message is merged. Nothing is taken where it returns
    /// `false`: the type does not know the field.
    mutating func read(_ field: WireField, from reader: inout WireReader) throws(WireError) -> Bool

    /// Writes the fields by ascending number. Called twice for every message, see ``WireWriter``.
    func write(to writer: inout WireWriter)
}

extension WireMessage {
    /// Reads a message that fills `bytes`. Fields of bytes share their memory.
    ///
    /// - Parameter offset: bytes before these in the file, which errors count too.
    package init(
        serializedBytes bytes: Data, offset: Int = 0, limits: WireReader.Limits = WireReader.Limits()
    ) throws(WireError) {
        self.init()
        var reader = try WireReader(bytes, offset: offset, limits: limits)
        try reader.fields(of: &self)
    }

    /// The message's bytes; the same ones for the same values.
    package func serializedBytes() -> Data { WireWriter.bytes(of: self) }
}
