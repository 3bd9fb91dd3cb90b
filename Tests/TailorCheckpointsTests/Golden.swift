import Foundation
import TestSupport

/// The files that Scripts/golden/checkpoints.py wrote, and what is in them.
enum Golden {
    static let files = GoldenFiles(.module)

    static func bytes(_ name: String) throws -> [UInt8] { try [UInt8](files.data(name)) }

    /// Of `mixed` and `wrapped`: the tensors by name.
    static func tensors() throws -> [String: [String: StoredTensor]] { try files.json(from: "files.json") }

    struct StoredTensor: Decodable {
        var dtype: String
        var shape: [Int]
        var hex: String
    }
}
