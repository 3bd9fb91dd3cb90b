import Foundation

extension JSONFile {
    /// Key of a document that no decoder reads.
    package struct UnknownKey: Equatable, Sendable {
        /// Path of the key, for example `augmentation.horizontalFilp` or `phases[0].epoch`.
        package let path: String
        package let key: String
        /// Keys that are known at this place.
        package let known: [String]
    }

    /// Keys of a document that are missing when the value decoded from it is encoded again: most often
    /// misspelt ones, which a decoder silently ignores. A key whose value is null is accepted.
    ///
    /// - Parameter examples: other values of the type, for known keys that `value` leaves out.
    package static func unknownKeys<T: Encodable>(
        in document: Data, of value: T, examples: [T] = []
    ) throws -> [UnknownKey] {
        let known = try ([value] + examples).map { try object(encode($0)) }
        return compare(try object(document), with: known, at: "")
    }

    private static func object(_ data: Data) throws -> Any {
        do {
            return try JSONSerialization.jsonObject(with: data, options: [.fragmentsAllowed])
        } catch {
            throw JSONFileError(path: nil, reason: syntaxError(in: data) ?? "not valid JSON")
        }
    }

    /// The first of `known` decides what is known; the others add names.
    private static func compare(_ found: Any, with known: [Any], at path: String) -> [UnknownKey] {
        if let found = found as? [Any] {
            let lists = known.compactMap { $0 as? [Any] }
            return found.enumerated().flatMap { index, element in
                compare(
                    element, with: lists.compactMap { $0.dropFirst(index).first }, at: "\(path)[\(index)]")
            }
        }
        guard let found = found as? [String: Any], let own = known.first as? [String: Any] else { return [] }
        let objects = known.compactMap { $0 as? [String: Any] }
        return found.keys.sorted().flatMap { key -> [UnknownKey] in
            let place = path.isEmpty ? key : path + "." + key
            guard let value = found[key], !(value is NSNull) else { return [] }
            guard own[key] != nil else {
                return [UnknownKey(path: place, key: key, known: Set(objects.flatMap(\.keys)).sorted())]
            }
            return compare(value, with: objects.compactMap { $0[key] }, at: place)
        }
    }
}
