import Foundation
import TailorSupport

extension RGBImage {
    /// SHA-256 of size and pixels, in hexadecimal: the same for copies that were re-encoded without loss.
    /// Throws `ContentHashError`.
    public func contentHash() throws -> String {
        var hasher = try ContentHasher()
        try hasher.update("\(width)×\(height)\n")
        try pixels.withUnsafeBytes { try hasher.update($0) }
        return try hasher.finish()
    }
}
