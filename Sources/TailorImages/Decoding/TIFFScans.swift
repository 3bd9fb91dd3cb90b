import Foundation

/// Blocks that the scans of the JPEG data in a TIFF's strips or tiles visit.
///
/// libtiff allows each strip a hundred scans; every one of them visits all blocks of the strip.
///
/// Must not outlive the bytes it reads from.
struct TIFFScans {
    private let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Blocks of 8 × 8 samples visited in strips or tiles with more than one scan.
    func blocks(_ directory: TIFFDirectory, _ layout: TIFFLayout, maximumTiles: Int) -> Int {
        let tags = layout.isTiled ? (324, 325) : (273, 279)
        guard let offsets = directory.values(of: tags.0, limit: maximumTiles),
            let sizes = directory.values(of: tags.1, limit: maximumTiles)
        else { return 0 }
        let tileBlocks =
            ((layout.tileWidth + 7) / 8) * ((layout.tileHeight + 7) / 8) * layout.samplesTogether
        // Several may share their data.
        var known: [Range<Int>: Int] = [:]
        var sum = 0
        for (offset, size) in zip(offsets, sizes) where offset < bytes.count {
            let range = offset..<min(offset + size, bytes.count)
            let scans = known[range] ?? scans(in: UnsafeRawBufferPointer(rebasing: bytes[range]))
            known[range] = scans
            if scans > 1 { sum += scans * tileBlocks }
        }
        return sum
    }

    /// Scans of a JPEG stream: 1 when the first holds all components and is not one of a progressive image.
    private func scans(in data: UnsafeRawBufferPointer) -> Int {
        var offset = 2
        var components = 0
        while let marker = JPEGSegments.nextMarker(in: data, at: &offset) {
            if (0xD0...0xD9).contains(marker) || marker == 0x01 { continue }
            guard offset + 8 <= data.count else { return 1 }
            // Frames other than progressive ones: baseline, extended, and with arithmetic coding.
            if marker == 0xC0 || marker == 0xC1 || marker == 0xC9 { components = Int(data[offset + 7]) }
            if marker == 0xDA {
                if components > 0, Int(data[offset + 2]) >= components { return 1 }
                return Self.count(of: 0xDA, in: data)
            }
            offset += max(2, Int(data[offset]) << 8 | Int(data[offset + 1]))
        }
        return 1
    }

    private static func count(of marker: UInt8, in data: UnsafeRawBufferPointer) -> Int {
        guard var position = data.baseAddress else { return 0 }
        let end = position + data.count
        var count = 0
        while let found = memchr(position, 0xFF, end - position) {
            let next = UnsafeRawPointer(found) + 1
            guard next < end else { break }
            if next.load(as: UInt8.self) == marker { count += 1 }
            position = next
        }
        return count
    }
}
