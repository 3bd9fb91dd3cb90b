import Foundation

/// JSON as Tailor reads and writes it: indented, keys sorted, dates in ISO 8601.
package enum JSONFile {
    /// Encodes a value as a document that ends in a newline. The same value always gives the same bytes.
    ///
    /// Throws `JSONFileError` when a number is not finite (JSON has no such numbers).
    ///
    /// - Parameter inOneLine: not indented, as a line of JSON Lines.
    package static func encode<T: Encodable>(_ value: T, inOneLine: Bool = false) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if !inOneLine { encoder.outputFormatting.insert(.prettyPrinted) }
        encoder.dateEncodingStrategy = .iso8601
        do {
            return try encoder.encode(value) + Data("\n".utf8)
        } catch EncodingError.invalidValue(let value, let context) {
            let place = JSONFileError.place(context.codingPath)
            throw JSONFileError(path: nil, reason: "\(value)\(place) cannot be written as JSON")
        }
    }

    /// Decodes a value. Throws `JSONFileError` naming the path and the place when the bytes do not hold one.
    package static func decode<T: Decodable>(_ type: T.Type, from data: Data, path: String? = nil) throws -> T
    {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        do {
            return try decoder.decode(type, from: data)
        } catch let error as DecodingError {
            if case .dataCorrupted(let context) = error, context.codingPath.isEmpty,
                let reason = syntaxError(in: data) ?? misfit(in: data)
            {
                throw JSONFileError(path: path, reason: reason)
            }
            throw JSONFileError(path: path, reason: JSONFileError.reason(error))
        }
    }

    /// Describes the first violation of the syntax, which Foundation does not place; nil where there is none.
    static func syntaxError(in data: Data) -> String? {
        let error = data.withUnsafeBytes { bytes -> JSONSyntaxError? in
            do throws(JSONSyntaxError) {
                var reader = JSONReader(bytes)
                try reader.skip()
                try reader.finish()
                return nil
            } catch {
                return error
            }
        }
        return error.map { "not valid JSON, \($0.place): \($0.reason)" }
    }

    /// Describes a number that does not fit its property. Foundation calls such a document invalid, and does
    /// not say where; nil where it is no JSON at all.
    private static func misfit(in data: Data) -> String? {
        guard let document = try? JSONSerialization.jsonObject(with: data) else { return nil }
        func tooLarge(_ value: Any, _ place: String) -> String? {
            switch value {
            case let number as NSNumber where !(abs(number.doubleValue) < 0x1p63):
                "\(place): \(number) is too large"
            case let list as [Any]:
                list.indices.lazy.compactMap { tooLarge(list[$0], "\(place)[\($0)]") }.first
            case let object as [String: Any]:
                object.sorted { $0.key < $1.key }.lazy
                    .compactMap { tooLarge($0.value, place.isEmpty ? $0.key : "\(place).\($0.key)") }.first
            default: nil
            }
        }
        return tooLarge(document, "") ?? "a number is out of range, or not whole where it must be"
    }

    /// Reads and decodes a file. Throws `FileError` when it cannot be read, `JSONFileError` when it holds no
    /// such value.
    package static func read<T: Decodable>(_ type: T.Type, from url: URL) throws -> T {
        try decode(type, from: RegularFile.contents(of: url), path: url.path)
    }

    /// Encodes a value and writes it through `AtomicFile`.
    package static func write<T: Encodable>(_ value: T, to url: URL) throws {
        let data: Data
        do {
            data = try encode(value)
        } catch let error as JSONFileError {
            throw JSONFileError(path: url.path, reason: error.reason)
        }
        try AtomicFile.write(data, to: url)
    }
}

/// JSON document that is not what was expected, and where in it.
public struct JSONFileError: CategorizedError, Equatable, Sendable {
    public let path: String?
    public let reason: String

    public var category: ErrorCategory { .input }

    public var description: String {
        path.map { "\($0.printable): \(reason)" } ?? reason
    }

    static func reason(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context):
            "expected a value for \"\(key.stringValue)\"\(place(context.codingPath)), got none"
        case .typeMismatch(let type, let context):
            "expected \(name(type))\(place(context.codingPath)), got something else"
        case .valueNotFound(let type, let context):
            "expected \(name(type))\(place(context.codingPath)), got null"
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            "not valid JSON"
        case .dataCorrupted(let context):
            "the value\(place(context.codingPath)) is not valid: \(context.debugDescription)"
        @unknown default:
            "not the expected document"
        }
    }

    static func place(_ path: [any CodingKey]) -> String {
        guard !path.isEmpty else { return "" }
        var text = ""
        for key in path {
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return " at \(text)"
    }

    private static func name(_ type: Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is any BinaryInteger.Type, is any BinaryFloatingPoint.Type: "a number"
        case is [String: Any].Type: "an object"
        case is [Any].Type: "an array"
        default: "a value of type \(type)"
        }
    }
}
