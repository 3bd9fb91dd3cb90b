import Foundation
import TailorCheckpoints

/// Writes zip archives as `torch.save` does, and broken ones.
struct ZipBuilder {
    var zip64 = false
    var method: UInt16 = 0
    var flags: UInt16 = 0

    func archive(_ entries: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for (name, bytes) in entries {
            let offset = file.count
            let checksum = CRC32.checksum(bytes[...])
            file += little(UInt32(0x0403_4B50)) + [UInt8](repeating: 0, count: 22)
            file += little(UInt16(name.utf8.count)) + little(UInt16(0)) + Array(name.utf8) + bytes
            let extra: [UInt8] =
                zip64
                ? little(UInt16(1)) + little(UInt16(24)) + little(UInt64(bytes.count))
                    + little(UInt64(bytes.count)) + little(UInt64(offset)) : []
            let size = zip64 ? UInt32.max : UInt32(bytes.count)
            directory += little(UInt32(0x0201_4B50)) + little(UInt32(0)) + little(flags) + little(method)
            directory += little(UInt32(0)) + little(checksum) + little(size) + little(size)
            directory += little(UInt16(name.utf8.count)) + little(UInt16(extra.count)) + little(UInt16(0))
            directory +=
                little(UInt64(0)) + little(zip64 ? UInt32.max : UInt32(offset)) + Array(name.utf8) + extra
        }
        let start = file.count
        file += directory
        let count = UInt16(entries.count)
        if zip64 {
            let record = file.count
            file += little(UInt32(0x0606_4B50)) + little(UInt64(44)) + little(UInt32(0)) + little(UInt64(0))
            file += little(UInt64(count)) + little(UInt64(count)) + little(UInt64(directory.count))
            file += little(UInt64(start))
            file +=
                little(UInt32(0x0706_4B50)) + little(UInt32(0)) + little(UInt64(record)) + little(UInt32(1))
        }
        file += little(UInt32(0x0605_4B50)) + little(UInt32(0)) + little(count) + little(count)
        file +=
            little(UInt32(directory.count)) + little(zip64 ? UInt32.max : UInt32(start)) + little(UInt16(0))
        return file
    }

    /// An archive with this pickle and no storages.
    func checkpoint(pickle: [UInt8]) -> [UInt8] { archive([("x/data.pkl", pickle)]) }

    private func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian, Array.init)
    }
}
