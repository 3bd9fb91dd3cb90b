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

    /// Shows every field to the visitor, by ascending number: the one list for reading and for writing.
    mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure)
}

/// Reads or writes the fields that a message shows to it.
///
/// Reading merges a field's value into what is there: a single value replaces the last one, elements are appended,
/// a message is merged. Writing leaves values as they are, and leaves out those that hold their default, optional
/// ones only where they are nil.
package protocol FieldVisitor {
    associatedtype Failure: Error

    mutating func field(_ number: Int, _ value: inout Int64) throws(Failure)
    mutating func field(_ number: Int, _ value: inout Int64?) throws(Failure)
    mutating func field(_ number: Int, _ value: inout Float?) throws(Failure)
    mutating func field(_ number: Int, _ value: inout Double?) throws(Failure)
    mutating func field(_ number: Int, _ text: inout String) throws(Failure)
    mutating func field(_ number: Int, _ text: inout String?) throws(Failure)
    mutating func field(_ number: Int, _ bytes: inout Data) throws(Failure)
    /// Bytes that may stand in a message once only, with their offset in the file.
    mutating func field(_ number: Int, _ bytes: inout Data, offset: inout Int?) throws(Failure)
    /// Bits above the 32nd are dropped, as the format says.
    mutating func field(_ number: Int, _ value: inout Int32) throws(Failure)
    /// An enumeration, 32 bits as well.
    mutating func field<E: RawRepresentable>(_ number: Int, _ value: inout E) throws(Failure)
    where E.RawValue: FixedWidthInteger
    mutating func field<M: WireMessage>(_ number: Int, _ message: inout M?) throws(Failure)
    mutating func field<M: WireMessage>(_ number: Int, _ messages: inout [M]) throws(Failure)
    mutating func field(_ number: Int, _ texts: inout [String]) throws(Failure)
    mutating func field(_ number: Int, _ values: inout [Int64]) throws(Failure)
    mutating func field(_ number: Int, _ values: inout [Float]) throws(Failure)
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
