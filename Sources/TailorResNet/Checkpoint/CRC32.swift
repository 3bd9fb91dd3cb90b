/// The checksum of zip archives (ISO-HDLC: polynomial 0x04C11DB7, reflected), eight bytes at a time.
package enum CRC32 {
    private static let tables: [[UInt32]] = {
        var tables = [
            (0..<256).map { (index: UInt32) in
                (0..<8).reduce(index) { value, _ in
                    value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
                }
            }
        ]
        for _ in 1..<8 {
            let first = tables[0]
            let last = tables[tables.count - 1]
            tables.append(last.map { $0 >> 8 ^ first[Int($0 & 0xFF)] })
        }
        return tables
    }()

    package static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        let flat = tables.flatMap { $0 }
        return flat.withUnsafeBufferPointer { table in
            bytes.withUnsafeBytes { data in
                var value: UInt32 = 0xFFFF_FFFF
                var index = 0
                while index + 8 <= data.count {
                    let word = UInt64(
                        littleEndian: data.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                    let mixed = word ^ UInt64(value)
                    value = 0
                    for lane in 0..<8 {
                        value ^= table[(7 - lane) * 256 + Int(mixed >> (UInt64(lane) * 8) & 0xFF)]
                    }
                    index += 8
                }
                while index < data.count {
                    value = value >> 8 ^ table[Int((value ^ UInt32(data[index])) & 0xFF)]
                    index += 1
                }
                return value ^ 0xFFFF_FFFF
            }
        }
    }
}
