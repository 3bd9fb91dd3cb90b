import Foundation
import TailorTensors

/// Header of a safetensors file, fully validated before a tensor is created.
///
/// Layout: 8 bytes (little-endian length of the header), the header (JSON), the elements, which must fill the
/// rest of the file without holes, overlaps or leftovers.
struct SafetensorsHeader {
    struct Entry {
        var name: String
        var dtype: DType
        var shape: [Int]
        /// Byte range of the elements, counted from the end of the header.
        var range: Range<Int>
    }

    static let lengthByteCount = 8
    /// Maximum length of a header in bytes, as in the reference implementation.
    static let byteLimit = 100_000_000
    static let maximumRank = 8

    /// Entries in the order of their data.
    var entries: [Entry] = []
    var metadata: [String: String] = [:]

    /// Length of the header, from the file's first 8 bytes.
    static func length(_ prefix: Data, fileByteCount: Int, file: String) throws -> Int {
        guard prefix.count == lengthByteCount else {
            throw SafetensorsError(file: file, problem: .tooShort(byteCount: prefix.count))
        }
        let length = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= byteLimit else {
            throw SafetensorsError(file: file, problem: .headerTooLong(byteCount: length, limit: byteLimit))
        }
        guard Int(length) <= fileByteCount - lengthByteCount else {
            throw SafetensorsError(
                file: file, problem: .headerBeyondEnd(byteCount: Int(length), fileByteCount: fileByteCount))
        }
        return Int(length)
    }

    /// - Parameters:
    ///   - json: the header's bytes
    ///   - elementByteCount: bytes in the file after the header
    init(json: Data, elementByteCount: Int, file: String) throws {
        do {
            // The format requires the brace first; spaces may follow the last one.
            guard json.first == UInt8(ascii: "{") else {
                throw StrictJSON.Failure(expected: "\"{\"", offset: 0)
            }
            try parse([UInt8](json))
            try checkRanges(elementByteCount: elementByteCount)
        } catch let failure as StrictJSON.Failure {
            throw SafetensorsError(
                file: file, problem: .notJSON(failure.expected, offset: failure.offset))
        } catch let problem as Wrapped {
            throw SafetensorsError(file: file, problem: problem.problem)
        }
    }

    /// Problem thrown inside the parser, before the file's name is added.
    private struct Wrapped: Error {
        let problem: SafetensorsError.Problem
    }

    private mutating func parse(_ bytes: [UInt8]) throws {
        var json = StrictJSON(bytes)
        var entries: [Entry] = []
        var metadata: [String: String] = [:]
        var names = Set<String>()
        try json.object { json, name, offset in
            guard names.insert(name).inserted else {
                throw Wrapped(problem: .duplicateKey(name, offset: offset))
            }
            if name == "__metadata__" {
                try json.object { json, key, offset in
                    guard metadata.updateValue(try json.string(), forKey: key) == nil else {
                        throw Wrapped(problem: .duplicateKey(key, offset: offset))
                    }
                }
            } else {
                entries.append(try Self.entry(name, &json))
            }
        }
        try json.end()
        self.entries = entries
        self.metadata = metadata
    }

    private static func entry(_ name: String, _ json: inout StrictJSON) throws -> Entry {
        var dtype: DType?
        var shape: [Int]?
        var offsets: [Int]?
        try json.object { json, field, offset in
            let known: Bool
            switch field {
            case "dtype":
                known = dtype != nil
                let text = try json.string()
                guard let value = DType(safetensorsName: text) else {
                    throw Wrapped(problem: .unknownDtype(text, tensor: name))
                }
                dtype = value
            case "shape":
                known = shape != nil
                // A limit above the allowed rank, so that the message can state the actual one.
                shape = try json.integers(limit: 64)
            case "data_offsets":
                known = offsets != nil
                offsets = try json.integers(limit: 2)
            default:
                throw Wrapped(problem: .unknownField(field, tensor: name))
            }
            guard !known else { throw Wrapped(problem: .duplicateKey(field, offset: offset)) }
        }
        guard let dtype else { throw Wrapped(problem: .missingField("dtype", tensor: name)) }
        guard let shape else { throw Wrapped(problem: .missingField("shape", tensor: name)) }
        guard let offsets, offsets.count == 2 else {
            throw Wrapped(problem: .missingField("data_offsets", tensor: name))
        }
        guard shape.count <= maximumRank else {
            throw Wrapped(problem: .tooManyDimensions(shape.count, tensor: name))
        }
        let byteCount = try byteCount(of: shape, dtype, tensor: name)
        guard offsets[0] <= offsets[1], offsets[1] - offsets[0] == byteCount else {
            throw Wrapped(
                problem: .wrongByteCount(
                    tensor: name, expected: byteCount, begin: offsets[0], end: offsets[1]))
        }
        return Entry(name: name, dtype: dtype, shape: shape, range: offsets[0]..<offsets[1])
    }

    private static func byteCount(of shape: [Int], _ dtype: DType, tensor: String) throws -> Int {
        // An extent of 0 counts as 1 here: [0, 2⁶²] has no bytes, but strides that overflow.
        var product = dtype.byteCount
        for extent in shape {
            let (next, overflow) = product.multipliedReportingOverflow(by: max(1, extent))
            guard !overflow else { throw Wrapped(problem: .sizeOverflow(shape: shape, tensor: tensor)) }
            product = next
        }
        return shape.contains(0) ? 0 : product
    }

    private mutating func checkRanges(elementByteCount: Int) throws {
        entries.sort {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        var end = 0
        for entry in entries {
            let begin = entry.range.lowerBound
            guard begin <= end else {
                throw Wrapped(problem: .hole(tensor: entry.name, expectedBegin: end, begin: begin))
            }
            guard begin >= end else {
                throw Wrapped(problem: .overlap(tensor: entry.name, expectedBegin: end, begin: begin))
            }
            end = entry.range.upperBound
        }
        guard end <= elementByteCount else {
            throw Wrapped(problem: .truncated(expectedByteCount: end, got: elementByteCount))
        }
        guard end >= elementByteCount else {
            throw Wrapped(problem: .trailingBytes(elementByteCount - end))
        }
    }
}

extension DType {
    /// Name of the type in safetensors.
    var safetensorsName: String {
        switch self {
        case .uint8: "U8"
        case .int8: "I8"
        case .int16: "I16"
        case .int32: "I32"
        case .int64: "I64"
        case .float16: "F16"
        case .float32: "F32"
        case .float64: "F64"
        case .bool: "BOOL"
        case .bfloat16: "BF16"
        }
    }

    init?(safetensorsName name: String) {
        guard let found = DType.allCases.first(where: { $0.safetensorsName == name }) else { return nil }
        self = found
    }
}
