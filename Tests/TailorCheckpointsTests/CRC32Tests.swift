import TailorCheckpoints
import Testing

@Suite struct CRC32Tests {
    /// The catalogue's check value of CRC-32/ISO-HDLC, nothing at all, and what Python's `zlib.crc32` gives.
    @Test func knownValues() {
        #expect(CRC32.checksum(Array("123456789".utf8)[...]) == 0xCBF4_3926)
        #expect(CRC32.checksum([]) == 0)
        #expect(CRC32.checksum([0]) == 0xD202_EF8D)
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
        #expect(CRC32.checksum(bytes[...]) == 0xAACF_4FC9)
        #expect(CRC32.checksum(bytes[1..<1000]) == 0xC020_03A2)
    }
}
