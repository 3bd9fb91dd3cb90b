/// Results of calling the allowed classes and functions.
extension Unpickler {
    mutating func newDictionary() -> PickleValue {
        document.dictionaries.append([])
        return .dictionary(document.dictionaries.count - 1)
    }

    mutating func call(_ callee: PickleValue, _ arguments: PickleValue) throws -> PickleValue {
        guard case .global(let function) = callee, case .tuple(let index) = arguments else {
            throw damaged("calls something that cannot be called")
        }
        let values = document.tuples[index]
        switch function {
        case .orderedDictionary:
            guard values.isEmpty else { throw damaged("an OrderedDict with arguments") }
            return newDictionary()
        case .rebuildTensor: return try rebuildTensor(values)
        case .rebuildParameter:
            guard case .tensor? = values.first else { throw damaged("a parameter without a tensor") }
            return values[0]
        case .size:
            guard values.count == 1, case .tuple = values[0] else {
                throw damaged("a torch.Size without sizes")
            }
            return values[0]
        case .storage: throw damaged("calls a storage type")
        case .bystander: return newDictionary()
        }
    }

    /// Handles NEWOBJ, which asks for an object of a class; only a bystander may be asked for.
    mutating func newObject() throws {
        guard stack.count >= 2, case .global(.bystander) = stack[stack.count - 2] else {
            throw CheckpointError.forbiddenOpcode(path: path, opcode: 0x81)
        }
        let arguments = try pop()
        stack.append(try call(pop(), arguments))
    }

    /// Handles `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)`; the last two are
    /// ignored.
    private mutating func rebuildTensor(_ arguments: [PickleValue]) throws -> PickleValue {
        guard arguments.count >= 4, case .storage(let storage) = arguments[0],
            case .int(let offset) = arguments[1]
        else { throw damaged("a tensor without storage or offset") }
        let shape = try integers(arguments[2])
        let strides = try integers(arguments[3])
        guard shape.count == strides.count else {
            throw damaged("a tensor of \(shape.count) dimensions with \(strides.count) strides")
        }
        document.tensors.append(
            PickledTensor(storage: storage, offset: offset, shape: shape, strides: strides))
        return .tensor(document.tensors.count - 1)
    }

    private func integers(_ value: PickleValue) throws -> [Int] {
        guard case .tuple(let index) = value else { throw damaged("sizes that are no tuple") }
        guard document.tuples[index].count <= 16 else { throw damaged("a tensor of more than 16 dimensions") }
        return try document.tuples[index].map { value in
            guard case .int(let number) = value, number >= 0 else {
                throw damaged("a size or stride that is no whole number ≥ 0")
            }
            return number
        }
    }

    /// Resolves the persistent ID `('storage', type, key, location, count)`; in the older format a sixth part
    /// must be None.
    mutating func persistentStorage(_ identifier: PickleValue) throws -> PickleValue {
        guard case .tuple(let index) = identifier else { throw damaged("a storage without description") }
        let parts = document.tuples[index]
        guard parts.count >= 5, case .string("storage") = parts[0],
            case .global(.storage(let element)) = parts[1],
            case .string(let key) = parts[2], case .int(let count) = parts[4], count >= 0
        else { throw damaged("a storage whose description is not understood") }
        if parts.count > 5 {
            guard parts.count == 6, case .none = parts[5] else {
                throw CheckpointError.unsupported(path: path, reason: "a storage that is a view of another")
            }
        }
        document.storages.append(PickledStorage(element: element, key: key, count: count))
        return .storage(document.storages.count - 1)
    }
}
