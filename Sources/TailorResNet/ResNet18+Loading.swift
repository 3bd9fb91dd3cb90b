import TailorCheckpoints
import TailorSupport
import TailorTensors

/// Mismatch between weights and the network.
public struct WeightsMismatch: CategorizedError, Sendable, Equatable {
    public let missing: [String]
    public let unexpected: [String]
    /// Mismatches as `name: expected [a, b], got [c]`, or with element types where those differ.
    public let wrongShapes: [String]
    public let notFinite: [String]

    public var category: ErrorCategory { .input }

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
    /// Loads weights under torchvision's names in place; nothing changes unless all fit. Other float types
    /// become float32. Batch counts may be missing (files from before PyTorch 0.4.1) and then start at 0.
    ///
    /// - Parameter replacingHead: whether to keep the present head and ignore the weights' own.
    /// - Throws: ``WeightsMismatch`` that lists what is missing, unexpected, of another shape or not finite.
    public func load(_ tensors: [String: Tensor], replacingHead: Bool) throws {
        let all = stateDictionary()
        var missing: [String] = []
        var wrongShapes: [String] = []
        var notFinite: [String] = []
        var copies: [(source: Tensor, target: Tensor)] = []
        for (name, target) in all where !(replacingHead && name.hasPrefix("fc.")) {
            guard let source = tensors[name] else {
                if target.dtype == .int64 {
                    copies.append((try .zeros([], dtype: .int64), target))
                } else {
                    missing.append(name)
                }
                continue
            }
            // Check after the conversion: a large float64 may become infinite.
            let converted = try source.to(target.dtype)
            if source.shape != target.shape {
                wrongShapes.append("\(name): expected \(target.shape), got \(source.shape)")
            } else if source.dtype.isFloatingPoint != target.dtype.isFloatingPoint {
                wrongShapes.append("\(name): expected \(target.dtype), got \(source.dtype)")
            } else if target.dtype.isFloatingPoint, try !converted.isAllFinite() {
                notFinite.append(name)
            } else {
                copies.append((converted, target))
            }
        }
        let names = Set(all.map(\.0))
        let unexpected = tensors.keys.filter { !names.contains($0) }.map(printable).sorted()
        guard missing.isEmpty, unexpected.isEmpty, wrongShapes.isEmpty, notFinite.isEmpty else {
            throw WeightsMismatch(
                missing: missing, unexpected: unexpected, wrongShapes: wrongShapes, notFinite: notFinite)
        }
        for (source, target) in copies { try target.copy(from: source) }
    }

    /// Number of classes of the head in `tensors`; nil when there is none.
    public static func classCount(of tensors: [String: Tensor]) -> Int? {
        guard let shape = tensors["fc.weight"]?.shape, shape.count == 2 else { return nil }
        return shape[0]
    }
}
