import Foundation
import TailorSupport

extension RGBImage {
    /// SHA-256 of size and pixels, in hexadecimal: the same for copies that were re-encoded without loss.
    public var contentHash: String {
        var hasher = ContentHasher()
        hasher.update("\(width)×\(height)\n")
        pixels.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            // Hashed where it lies; it outlives this call.
            hasher.update(
                Data(
                    bytesNoCopy: UnsafeMutableRawPointer(mutating: start), count: bytes.count,
                    deallocator: .none))
        }
        return hasher.finish()
    }
}
