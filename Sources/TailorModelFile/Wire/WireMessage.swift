import Foundation

/// A message of Protocol Buffers, version 3: fields that hold their default value (0, "", no bytes, no elements)
/// are not written, unless an optional property holds it.
package protocol WireMessage: Equatable, Sendable {
    /// Every field at its default.
    init()

    /// What reading passed over; never written.
    var unknownFields: UnknownFields { get set }

    /// Takes one field's value from the reader and merges it into what was read before: a single value replaces
    /// the last one, elements are appended, a message is merged. Nothing is taken where it returns `false`: the type
    /// does not know the field.
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
