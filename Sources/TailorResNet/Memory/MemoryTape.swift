/// Account of blocks of memory that are taken and given back in some order: how much is held, and the most that was.
///
/// A block is given back when as many drop it as took and kept it.
final class MemoryTape {
    struct Block {
        fileprivate let index: Int
        let bytes: Int
    }

    private var references: [Int] = []
    private(set) var held = 0
    private(set) var peak = 0

    /// Takes a block.
    func take(_ bytes: Int) -> Block {
        references.append(1)
        held += bytes
        peak = max(peak, held)
        return Block(index: references.count - 1, bytes: bytes)
    }

    /// Takes a block and gives it back at once.
    func touch(_ bytes: Int) { peak = max(peak, held + bytes) }

    func keep(_ block: Block) { references[block.index] += 1 }

    func drop(_ block: Block) {
        references[block.index] -= 1
        if references[block.index] == 0 { held -= block.bytes }
    }
}
