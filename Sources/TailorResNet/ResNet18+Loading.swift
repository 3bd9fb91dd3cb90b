import TailorTensors

/// Weights that do not fit the network.
public struct WeightsMismatch: Error, CustomStringConvertible {
    public let missing: [String]
    public let unexpected: [String]
    /// `name: expected [a, b], got [c]`
    public let wrongShapes: [String]
    public let notFinite: [String]

    public var description: String {
        func part(_ title: String, _ names: [String]) -> String? {
            guard !names.isEmpty else { return nil }
            let more = names.count > 10 ? " and \(names.count - 10) more" : ""
            return "\(names.count) \(title): " + names.prefix(10).joined(separator: ", ") + more
        }
        let parts = [
            part("missing", missing), part("unexpected", unexpected), part("of the wrong shape", wrongShapes),
            part("with values that are not finite", notFinite),
        ]
        return "the weights do not fit ResNet18: " + parts.compactMap { $0 }.joined(separator: "; ")
    }
}

extension ResNet18 {
    /// Copies weights under torchvision's names into the network; nothing changes unless all fit.
    ///
    /// - Parameter replacingHead: leave the head as it is, whatever the weights bring for it.
    /// - Throws: ``WeightsMismatch`` that lists what is missing, unexpected, of another shape or not finite.
    public func load(_ tensors: [String: Tensor], replacingHead: Bool) throws {
        let wanted = stateDictionary().filter { !(replacingHead && $0.0.hasPrefix("fc.")) }
        let names = Set(stateDictionary().map(\.0))
        var missing: [String] = []
        var wrongShapes: [String] = []
        var notFinite: [String] = []
        for (name, target) in wanted {
            guard let source = tensors[name] else {
                // Old PyTorch files have no batch counts; nothing in this program reads them.
                if !name.hasSuffix("num_batches_tracked") { missing.append(name) }
                continue
            }
            if source.shape != target.shape {
                wrongShapes.append("\(name): expected \(target.shape), got \(source.shape)")
            } else if source.dtype.isFloatingPoint, try !source.isAllFinite() {
                notFinite.append(name)
            }
        }
        let unexpected = tensors.keys.filter { !names.contains($0) }.sorted()
        guard missing.isEmpty, unexpected.isEmpty, wrongShapes.isEmpty, notFinite.isEmpty else {
            throw WeightsMismatch(
                missing: missing, unexpected: unexpected, wrongShapes: wrongShapes, notFinite: notFinite)
        }
        for (name, target) in wanted {
            if let source = tensors[name] { try target.copy(from: source) }
        }
    }
}
