import Foundation

/// The folder `Golden` beside a target's tests, of files that a program under Scripts/golden/ wrote.
public struct GoldenFiles: Sendable {
    private let folder: URL?

    /// - Parameter bundle: the test target's `Bundle.module`.
    public init(_ bundle: Bundle) { folder = bundle.url(forResource: "Golden", withExtension: nil) }

    /// Throws where there is no such file.
    public func url(_ name: String) throws -> URL {
        guard let url = folder?.appending(path: name), FileManager.default.fileExists(atPath: url.path) else {
            throw MissingGoldenFile(name: name)
        }
        return url
    }

    public func data(_ name: String) throws -> Data { try Data(contentsOf: url(name)) }

    public func json<Value: Decodable>(
        _ type: Value.Type = Value.self, from name: String,
        keys: JSONDecoder.KeyDecodingStrategy = .useDefaultKeys
    ) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = keys
        return try decoder.decode(type, from: data(name))
    }
}

public struct MissingGoldenFile: Error, CustomStringConvertible {
    public let name: String
    public var description: String { "golden file \(name) is missing" }
}
