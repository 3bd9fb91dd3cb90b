import CTorch

/// Tensors that an optimiser keeps per parameter, keyed by the parameter's name.
struct OptimizerState {
    /// Kinds of tensor kept per parameter, in PyTorch's names.
    let kinds: [String]
    /// Kinds that are scalars for any shape of the parameter.
    let scalarKinds: Set<String>
    /// Tensors by parameter name, one per kind.
    private(set) var entries: [String: [Tensor]] = [:]

    init(kinds: [String], scalarKinds: Set<String> = []) {
        self.kinds = kinds
        self.scalarKinds = scalarKinds
    }

    /// Calls `body` with the parameters of all groups one after the other and, for each kind, an array of
    /// state handles in the same order: NULL where there is none yet. New handles found there afterwards
    /// (+1) are adopted, also when `body` reports failure.
    mutating func withHandles(
        of groups: [ParameterGroup],
        _ body: (
            _ parameters: UnsafePointer<OpaquePointer?>, _ state: [UnsafeMutablePointer<OpaquePointer?>],
            _ groups: UnsafePointer<ctorch_optimizer_group>, _ groupCount: Int
        ) throws -> Void
    ) throws {
        let parameters = groups.flatMap(\.parameters)
        var seen = Set<String>()
        for parameter in parameters where !seen.insert(parameter.name).inserted {
            throw OptimizerStateError.duplicateParameter(parameter.name)
        }
        guard !parameters.isEmpty else { return }
        let columns = kinds.indices.map { kind in
            let column = UnsafeMutablePointer<OpaquePointer?>.allocate(capacity: parameters.count)
            for (row, parameter) in parameters.enumerated() {
                (column + row).initialize(to: entries[parameter.name]?[kind].handle)
            }
            return column
        }
        defer { for column in columns { column.deallocate() } }
        defer {
            for (row, parameter) in parameters.enumerated() where entries[parameter.name] == nil {
                // All kinds of a parameter are created together; if memory ran out between them, those
                // created are freed with their wrappers and the next step starts afresh.
                let made = columns.compactMap { $0[row].map(Tensor.init(owning:)) }
                if made.count == kinds.count && !made.isEmpty { entries[parameter.name] = made }
            }
        }
        let rates = groups.map {
            ctorch_optimizer_group(
                count: $0.parameters.count, learning_rate: $0.learningRate, weight_decay: $0.weightDecay)
        }
        let handles = parameters.map { Optional($0.tensor.handle) }
        try withExtendedLifetime((parameters, entries)) {
            try handles.withUnsafeBufferPointer { handles in
                try rates.withUnsafeBufferPointer { rates in
                    guard let first = handles.baseAddress, let rate = rates.baseAddress else { return }
                    try body(first, columns, rate, rates.count)
                }
            }
        }
    }

    func named() -> [String: Tensor] {
        var result: [String: Tensor] = [:]
        for (name, tensors) in entries {
            for (kind, tensor) in zip(kinds, tensors) { result["\(name).\(kind)"] = tensor }
        }
        return result
    }

    /// Replaces all entries by copies of `state`, or throws and changes nothing.
    mutating func load(_ state: [String: Tensor], groups: [ParameterGroup]) throws {
        var names = Set<String>()
        for entry in state.keys.sorted() {
            guard let kind = kinds.first(where: { entry.hasSuffix(".\($0)") }) else {
                throw OptimizerStateError.unknownEntry(entry, expected: kinds)
            }
            names.insert(String(entry.dropLast(kind.count + 1)))
        }
        let shapes = Dictionary(
            groups.flatMap(\.parameters).map { ($0.name, $0.tensor.shape) },
            uniquingKeysWith: { first, _ in first })
        var loaded: [String: [Tensor]] = [:]
        for name in names.sorted() {
            loaded[name] = try kinds.map { kind in
                let entry = "\(name).\(kind)"
                guard let tensor = state[entry] else { throw OptimizerStateError.missingEntry(entry) }
                let expected = scalarKinds.contains(kind) ? [] : shapes[name] ?? tensor.shape
                guard tensor.shape == expected else {
                    throw OptimizerStateError.wrongShape(entry, expected: expected, got: tensor.shape)
                }
                return try tensor.detach().clone()
            }
        }
        entries = loaded
    }
}
