/// How a field's value is laid out: the low three bits of its tag.
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

/// A tag that was read; its value comes next.
package struct WireField: Sendable {
    /// 1 ..< 2²⁹.
    package let number: Int
    package let type: WireType
    /// Bytes from the start of the file to the tag.
    package let offset: Int
}

/// Which fields a message held that its type does not know. Their values were passed over and are not written
/// again: this is for whoever refuses such a message.
package struct UnknownFields: Equatable, Sendable {
    /// Numbers that are remembered; a hostile message could hold millions.
    static let limit = 16

    /// Different ones, in the order they were met; the first sixteen.
    package private(set) var numbers: [Int] = []

    package init() {}

    package var isEmpty: Bool { numbers.isEmpty }

    mutating func insert(_ number: Int) {
        guard numbers.count < Self.limit, !numbers.contains(number) else { return }
        numbers.append(number)
    }
}
