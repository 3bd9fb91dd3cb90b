/// Writer of a state dict's pickle, the counterpart of `Unpickler`.
///
/// It writes the instructions that `torch.save` writes for an `OrderedDict` at protocol 2, which every
/// PyTorch that knows the zip format reads, with `weights_only` or without.
struct Pickler {
    /// Number of dictionary items per SETITEMS, as in Python.
    private static let batchSize = 1000

    private var writer = ByteWriter()
    /// Number of memo entries so far. Python memoizes nearly every value, used again or not.
    private var memoCount = 0
    /// Memo indices of classes and fixed texts, by the instruction that creates them.
    private var memo: [[UInt8]: Int] = [:]

    /// Pickles a dictionary of contiguous CPU tensors, in this order; tensor n (from 0) is in the storage
    /// with key "n".
    static func stateDictionary(_ tensors: [RawTensor]) -> [UInt8] {
        var pickler = Pickler()
        pickler.writer.append([0x80, 2])  // PROTO
        pickler.newDictionary()
        for start in stride(from: 0, to: tensors.count, by: batchSize) {
            let batch = start..<min(start + batchSize, tensors.count)
            if batch.count > 1 { pickler.writer.byte(0x28) }  // MARK
            for index in batch {
                pickler.remember(text: tensors[index].name)
                pickler.tensor(tensors[index], key: String(index))
            }
            pickler.writer.byte(batch.count > 1 ? 0x75 : 0x73)  // SETITEMS, SETITEM
        }
        pickler.writer.byte(0x2E)  // STOP
        return pickler.writer.bytes
    }

    // MARK: Objects

    private mutating func newDictionary() {
        global("collections", "OrderedDict")
        writer.append([0x29, 0x52])  // EMPTY_TUPLE, REDUCE
        put()
    }

    /// Writes a call of `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)`.
    private mutating func tensor(_ tensor: RawTensor, key: String) {
        global("torch._utils", "_rebuild_tensor_v2")
        writer.byte(0x28)  // MARK
        storage(tensor.element, key: key, count: tensor.bytes.count / tensor.element.width)
        integer(0)
        tuple(tensor.shape)
        tuple(Self.strides(of: tensor.shape))
        writer.byte(0x89)  // NEWFALSE
        newDictionary()
        writer.byte(0x74)  // TUPLE
        put()
        writer.byte(0x52)  // REDUCE
        put()
    }

    /// Writes the persistent ID `('storage', type, key, location, count)`, which PyTorch resolves to an
    /// archive entry.
    private mutating func storage(_ element: ElementType, key: String, count: Int) {
        writer.byte(0x28)  // MARK
        fixed(text: "storage")
        global("torch", element.storageName)
        remember(text: key)
        fixed(text: "cpu")
        integer(count)
        writer.byte(0x74)  // TUPLE
        put()
        writer.byte(0x51)  // BINPERSID
    }

    /// Strides of a contiguous tensor as in PyTorch, where a size of 0 counts as 1.
    private static func strides(of shape: [Int]) -> [Int] {
        var next = 1
        let reversed = shape.reversed().map { size in
            defer { next = next.multipliedReportingOverflow(by: max(size, 1)).partialValue }
            return next
        }
        return reversed.reversed()
    }

    // MARK: Values

    private mutating func tuple(_ values: [Int]) {
        if values.count > 3 { writer.byte(0x28) }  // MARK
        for value in values { integer(value) }
        switch values.count {
        case 0: writer.byte(0x29)  // EMPTY_TUPLE
        case 1: writer.byte(0x85)  // TUPLE1
        case 2: writer.byte(0x86)  // TUPLE2
        case 3: writer.byte(0x87)  // TUPLE3
        default: writer.byte(0x74)  // TUPLE
        }
        if !values.isEmpty { put() }
    }

    /// Writes an integer of 0 or more.
    private mutating func integer(_ value: Int) {
        if value <= 0xFF {
            writer.byte(0x4B)  // BININT1
            writer.integer(value, 1)
        } else if value <= 0xFFFF {
            writer.byte(0x4D)  // BININT2
            writer.integer(value, 2)
        } else if value <= 0x7FFF_FFFF {
            writer.byte(0x4A)  // BININT
            writer.integer(value, 4)
        } else {
            // LONG1: as many bytes as the number and its sign bit need.
            let size = (Int.bitWidth - value.leadingZeroBitCount) / 8 + 1
            writer.append([0x8A, UInt8(truncatingIfNeeded: size)])
            writer.integer(value, size)
        }
    }

    private mutating func remember(text: String) {
        writer.append(Self.instruction(text: text))
        put()
    }

    // MARK: Memo

    private mutating func fixed(text: String) {
        once(Self.instruction(text: text))
    }

    private mutating func global(_ module: String, _ name: String) {
        once([0x63] + Array("\(module)\n\(name)\n".utf8))  // GLOBAL
    }

    private mutating func once(_ instruction: [UInt8]) {
        if let index = memo[instruction] {
            memoInstruction(0x68, 0x6A, index)  // BINGET, LONG_BINGET
        } else {
            writer.append(instruction)
            memo[instruction] = memoCount
            put()
        }
    }

    /// Memoizes the value on top of the stack.
    private mutating func put() {
        memoInstruction(0x71, 0x72, memoCount)  // BINPUT, LONG_BINPUT
        memoCount += 1
    }

    private mutating func memoInstruction(_ short: UInt8, _ long: UInt8, _ index: Int) {
        writer.byte(index <= 0xFF ? short : long)
        writer.integer(index, index <= 0xFF ? 1 : 4)
    }

    private static func instruction(text: String) -> [UInt8] {
        var writer = ByteWriter()
        writer.byte(0x58)  // BINUNICODE
        writer.integer(text.utf8.count, 4)
        writer.append(text.utf8)
        return writer.bytes
    }
}

extension ElementType {
    /// Name of the storage class in the module `torch`.
    fileprivate var storageName: String {
        switch self {
        case .float64: "DoubleStorage"
        case .float32: "FloatStorage"
        case .float16: "HalfStorage"
        case .bfloat16: "BFloat16Storage"
        case .int64: "LongStorage"
        case .int32: "IntStorage"
        case .int16: "ShortStorage"
        case .int8: "CharStorage"
        case .uint8: "ByteStorage"
        case .bool: "BoolStorage"
        }
    }
}
