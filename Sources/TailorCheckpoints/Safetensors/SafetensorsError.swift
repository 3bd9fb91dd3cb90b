import TailorSupport
import TailorTensors

/// Reason for refusing a safetensors file or failing to write one.
public struct SafetensorsError: CategorizedError, Sendable, Hashable {
    public enum Problem: Sendable, Hashable {
        // The file as a whole.
        case tooShort(byteCount: Int)
        case headerTooLong(byteCount: UInt64, limit: Int)
        case headerBeyondEnd(byteCount: Int, fileByteCount: Int)
        case truncated(expectedByteCount: Int, got: Int)
        case trailingBytes(Int)
        // The header's text. Offsets count bytes from the start of the header.
        case notJSON(String, offset: Int)
        case duplicateKey(String, offset: Int)
        // One tensor.
        case unknownDtype(String, tensor: String)
        case unknownField(String, tensor: String)
        case missingField(String, tensor: String)
        case tooManyDimensions(Int, tensor: String)
        case sizeOverflow(shape: [Int], tensor: String)
        case wrongByteCount(tensor: String, expected: Int, begin: Int, end: Int)
        case hole(tensor: String, expectedBegin: Int, begin: Int)
        case overlap(tensor: String, expectedBegin: Int, begin: Int)
        // Writing.
        case reservedName(String)
        case duplicateName(String)
    }

    /// Path of the file, or another name for the source of the bytes.
    public let file: String
    public let problem: Problem

    package init(file: String, problem: Problem) {
        self.file = file
        self.problem = problem
    }

    public var category: ErrorCategory { .input }

    public var description: String { "\(file): not a valid safetensors file: \(problem.words)" }
}

extension SafetensorsError.Problem {
    fileprivate var words: String {
        switch self {
        case .tooShort(let count):
            "expected at least 8 bytes, got \(count)"
        case .headerTooLong(let count, let limit):
            "the header claims \(count) bytes; the limit is \(limit)"
        case .headerBeyondEnd(let count, let fileCount):
            "the header claims \(count) bytes, but the file has \(fileCount) in all"
        case .truncated(let expected, let got):
            "expected \(expected) bytes of tensors, got \(got)"
        case .trailingBytes(let count):
            "\(count) bytes after the last tensor"
        case .notJSON(let expected, let offset):
            "header, byte \(offset): expected \(expected)"
        case .duplicateKey(let key, let offset):
            "header, byte \(offset): the key \"\(key)\" appears twice"
        case .unknownDtype(let dtype, let tensor):
            "tensor \"\(tensor)\": unsupported dtype \"\(dtype)\" (expected one of "
                + DType.allCases.map(\.safetensorsName).joined(separator: ", ") + ")"
        case .unknownField(let field, let tensor):
            "tensor \"\(tensor)\": unknown field \"\(field)\""
        case .missingField(let field, let tensor):
            "tensor \"\(tensor)\": the field \"\(field)\" is missing"
        case .tooManyDimensions(let rank, let tensor):
            "tensor \"\(tensor)\": \(rank) dimensions; the limit is \(SafetensorsHeader.maximumRank)"
        case .sizeOverflow(let shape, let tensor):
            "tensor \"\(tensor)\": shape \(shape) takes more bytes than a number can hold"
        case .wrongByteCount(let tensor, let expected, let begin, let end):
            "tensor \"\(tensor)\": its shape and dtype take \(expected) bytes, but its offsets are \(begin) to \(end)"
        case .hole(let tensor, let expected, let begin):
            "tensor \"\(tensor)\" begins at \(begin), but the one before ends at \(expected): a hole"
        case .overlap(let tensor, let expected, let begin):
            "tensor \"\(tensor)\" begins at \(begin), but the one before ends at \(expected): an overlap"
        case .reservedName(let name):
            "a tensor cannot be named \"\(name)\""
        case .duplicateName(let name):
            "two tensors are named \"\(name)\""
        }
    }
}
