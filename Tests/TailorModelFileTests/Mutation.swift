import TailorSupport

/// Damage at random, the same for the same generator.
enum Mutation {
    /// One change, or up to four: a byte, bytes put in, bytes taken out, or a stretch copied to another place.
    static func of(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var changed = bytes
        for _ in 0...(generator.chance(0.6) ? 0 : generator.integer(below: 4)) {
            let position = generator.integer(below: changed.count)
            switch generator.integer(below: 6) {
            case 0 where !changed.isEmpty: changed[position] = byte(&generator)
            case 1 where !changed.isEmpty: changed[position] ^= 1 << UInt8(generator.integer(below: 8))
            // Lengths that are wrong by one.
            case 2 where !changed.isEmpty: changed[position] &+= generator.chance(0.5) ? 1 : 255
            case 3:
                let more = (0...generator.integer(below: 8)).map { _ in byte(&generator) }
                changed.insert(contentsOf: more, at: position)
            case 4:
                let end = min(changed.count, position + 1 + generator.integer(below: 16))
                changed.removeSubrange(position..<end)
            default:
                let start = generator.integer(below: bytes.count)
                let stretch = bytes[start..<min(bytes.count, start + 1 + generator.integer(below: 64))]
                let end = generator.chance(0.5) ? position : min(changed.count, position + stretch.count)
                changed.replaceSubrange(position..<end, with: stretch)
            }
        }
        return changed
    }

    /// Half of them bytes with a meaning: ends of ranges, tags, lengths.
    private static func byte(_ generator: inout SeededGenerator) -> UInt8 {
        let special: [UInt8] = [0, 1, 2, 0x0a, 0x12, 0x2a, 0x42, 0x7f, 0x80, 0xfe, 0xff]
        return generator.chance(0.5)
            ? special[generator.integer(below: special.count)] : UInt8(generator.integer(below: 256))
    }
}
