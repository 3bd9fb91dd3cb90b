import Foundation
import TailorSupport

/// Pickle machine that can only build dictionaries, lists, tuples, numbers, strings and views of stored
/// tensors. It calls nothing: the callables it knows are the cases of `PickleGlobal`. A few kinds of values that
/// trainers save beside weights are read over.
///
/// Instructions: the subset of protocols 2 to 5 that `torch.save` uses for state dicts (Python's
/// `pickletools.py` documents each). Time and memory are linear in the length of the pickle.
struct Unpickler {
    /// Maximum length of a pickle in bytes; a ResNet18's is about 20 kB.
    static let maximumBytes = 8 << 20

    let path: String
    var reader: ByteReader
    var document = PickleDocument()
    var stack: [PickleValue] = []
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]

    /// Runs one pickle from the position of `reader`, which is left behind it.
    static func run(_ reader: inout ByteReader, path: String) throws(CheckpointError) -> PickleDocument {
        var machine = Unpickler(path: path, reader: reader)
        do {
            while try machine.step() {}
        } catch let error as CheckpointError {
            throw error
        } catch {
            throw .damaged(path: path, reason: "the pickle is cut short")
        }
        reader = machine.reader
        return machine.document
    }

    private init(path: String, reader: ByteReader) {
        self.path = path
        self.reader = reader
    }

    func damaged(_ reason: String) -> CheckpointError {
        .damaged(path: path, reason: "pickle: \(reason)")
    }

    mutating func pop() throws -> PickleValue {
        guard stack.count > (marks.last ?? 0), let value = stack.popLast() else {
            throw damaged("the stack is empty")
        }
        return value
    }

    /// Pops the values above the last mark, and the mark.
    private mutating func popToMark() throws -> [PickleValue] {
        guard let mark = marks.popLast(), mark <= stack.count else { throw damaged("no mark on the stack") }
        let values = Array(stack[mark...])
        stack.removeSubrange(mark...)
        return values
    }

    private func top() throws -> PickleValue {
        guard stack.count > (marks.last ?? 0), let value = stack.last else {
            throw damaged("the stack is empty")
        }
        return value
    }

    private func recall(_ index: Int) throws -> PickleValue {
        guard let value = memo[index] else { throw damaged("memo \(index) was never stored") }
        return value
    }

    private mutating func text(_ count: Int) throws -> PickleValue {
        guard let text = String(bytes: try reader.take(count), encoding: .utf8) else {
            throw damaged("a string that is not UTF-8")
        }
        return .string(text)
    }

    private mutating func pushTuple(_ values: [PickleValue]) {
        document.tuples.append(values)
        stack.append(.tuple(document.tuples.count - 1))
    }

    /// Executes one instruction; false after the last.
    private mutating func step() throws -> Bool {
        let opcode = try reader.byte()
        switch opcode {
        case 0x80:  // PROTO
            let version = try reader.byte()
            guard (2...5).contains(version) else {
                throw CheckpointError.unsupported(
                    path: path, reason: "pickle protocol \(version), expected 2 to 5")
            }
        case 0x95: try reader.skip(8)  // FRAME
        case 0x2E:  // STOP
            document.root = try pop()
            return false
        case 0x28: marks.append(stack.count)  // MARK
        case 0x30: _ = try pop()  // POP
        case 0x4E: stack.append(.none)
        case 0x88: stack.append(.bool(true))
        case 0x89: stack.append(.bool(false))
        case 0x4A:  // BININT
            stack.append(.int(Int(Int32(truncatingIfNeeded: try reader.unsigned(4)))))
        case 0x4B: stack.append(.int(try reader.length(1)))  // BININT1
        case 0x4D: stack.append(.int(try reader.length(2)))  // BININT2
        case 0x8A: stack.append(try long(byteCount: reader.length(1)))  // LONG1
        case 0x47:  // BINFLOAT, the one big-endian value
            let bits = try reader.take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            stack.append(.double(Double(bitPattern: bits)))
        case 0x58, 0x54: stack.append(try text(reader.length(4)))  // BINUNICODE, BINSTRING
        case 0x8C, 0x55: stack.append(try text(reader.length(1)))  // SHORT_BINUNICODE, SHORT_BINSTRING
        case 0x8D: stack.append(try text(reader.length(8)))  // BINUNICODE8
        case 0x43: stack.append(try skipped(reader.length(1)))  // SHORT_BINBYTES
        case 0x42: stack.append(try skipped(reader.length(4)))  // BINBYTES
        case 0x29: pushTuple([])  // EMPTY_TUPLE
        case 0x85: pushTuple([try pop()])  // TUPLE1
        case 0x86:  // TUPLE2
            let second = try pop()
            pushTuple([try pop(), second])
        case 0x87:  // TUPLE3
            let third = try pop()
            let second = try pop()
            pushTuple([try pop(), second, third])
        case 0x74: pushTuple(try popToMark())  // TUPLE
        case 0x5D:  // EMPTY_LIST
            document.lists.append([])
            stack.append(.list(document.lists.count - 1))
        case 0x7D: stack.append(newDictionary())  // EMPTY_DICT
        case 0x61: try append([pop()])  // APPEND
        case 0x65: try append(popToMark())  // APPENDS
        case 0x73:  // SETITEM
            let value = try pop()
            try setItems([pop(), value])
        case 0x75: try setItems(popToMark())  // SETITEMS
        case 0x71: memo[try reader.length(1)] = try top()  // BINPUT
        case 0x72: memo[try reader.length(4)] = try top()  // LONG_BINPUT
        case 0x94: memo[memo.count] = try top()  // MEMOIZE
        case 0x68: stack.append(try recall(reader.length(1)))  // BINGET
        case 0x6A: stack.append(try recall(reader.length(4)))  // LONG_BINGET
        case 0x63, 0x69:  // GLOBAL, INST
            let module = String(decoding: try reader.line(), as: UTF8.self)
            let name = String(decoding: try reader.line(), as: UTF8.self)
            stack.append(try global(module: module, name: name))
            guard opcode == 0x63 else { throw CheckpointError.forbiddenOpcode(path: path, opcode: opcode) }
        case 0x93:  // STACK_GLOBAL
            guard case .string(let name) = try pop(), case .string(let module) = try pop() else {
                throw damaged("a global whose name is not a string")
            }
            stack.append(try global(module: module, name: name))
        case 0x52:  // REDUCE
            let arguments = try pop()
            stack.append(try call(pop(), arguments))
        case 0x81: try newObject()  // NEWOBJ
        case 0x51: stack.append(try persistentStorage(pop()))  // BINPERSID
        case 0x62: try build()  // BUILD
        default: throw CheckpointError.forbiddenOpcode(path: path, opcode: opcode)
        }
        return true
    }

    private func global(module: String, name: String) throws -> PickleValue {
        guard let known = PickleGlobal(module: module, name: name) else {
            throw CheckpointError.forbiddenGlobal(path: path, name: printable("\(module).\(name)"))
        }
        return .global(known)
    }

    private mutating func skipped(_ count: Int) throws -> PickleValue {
        try reader.skip(count)
        return .opaque
    }

    private mutating func long(byteCount: Int) throws -> PickleValue {
        let bytes = try reader.take(byteCount)
        guard byteCount <= 8 else { return .opaque }
        let negative = (bytes.last ?? 0) >= 0x80
        let bits = bytes.reversed().reduce(negative ? UInt64.max : 0) { $0 << 8 | UInt64($1) }
        return .int(Int(Int64(bitPattern: bits)))
    }

    private mutating func append(_ values: [PickleValue]) throws {
        guard case .list(let index) = try top() else { throw damaged("appends to something that is no list") }
        document.lists[index] += values
    }

    private mutating func setItems(_ values: [PickleValue]) throws {
        guard case .dictionary(let index) = try top(), values.count.isMultiple(of: 2) else {
            throw damaged("sets items of something that is no dictionary")
        }
        for position in stride(from: 0, to: values.count, by: 2) {
            document.dictionaries[index].append((values[position], values[position + 1]))
        }
    }

    /// Handles BUILD, with which Python sets attributes; a state dict only sets `_metadata`, which is not
    /// needed.
    private mutating func build() throws {
        _ = try pop()
        guard case .dictionary = try top() else {
            throw damaged("sets attributes of something that has none")
        }
    }
}

/// Text from a file for use in a message: one line, at most 120 characters.
package func printable(_ text: String) -> String {
    String(text.prefix(120)).printable
}
