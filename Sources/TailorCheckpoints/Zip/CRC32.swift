import CLibZ

/// The checksum of zip archives, by zlib. The only importer of `CLibZ`.
package enum CRC32 {
    package static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.withUnsafeBytes { buffer in
            let start = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
            return UInt32(truncatingIfNeeded: crc32_z(0, start, buffer.count))
        }
    }
}
