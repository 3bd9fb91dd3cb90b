import Foundation
import Testing

/// The files that Scripts/golden/checkpoints.py wrote, and what is in them.
enum Golden {
    static func url(_ name: String) throws -> URL {
        try #require(Bundle.module.url(forResource: "Golden", withExtension: nil)).appendingPathComponent(
            name)
    }

    static func bytes(_ name: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: url(name))) }

    /// Of `mixed` and `wrapped`: the tensors by name.
    static func files() throws -> [String: [String: StoredTensor]] {
        try JSONDecoder().decode(
            [String: [String: StoredTensor]].self, from: Data(contentsOf: url("files.json")))
    }

    struct StoredTensor: Decodable {
        var dtype: String
        var shape: [Int]
        var hex: String
    }
}
