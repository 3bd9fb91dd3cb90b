import TailorSupport

/// Class weights of the loss for imbalanced datasets.
package enum Balance {
    /// Balanced weights `n / (k · n_c)`, with a mean of 1 over all samples (scikit-learn's `balanced`; King
    /// and Zeng, 2001).
    ///
    /// One weight per class; a class without samples gets 0.
    package static func balancedClassWeights(_ counts: [Int]) -> [Double] {
        let total = Double(counts.reduce(0, +))
        return counts.map { $0 > 0 ? total / (Double(counts.count) * Double($0)) : 0 }
    }

    /// Geometric mean of equal and balanced weights: `1 / √n_c`, scaled to a mean of 1 over all samples (the
    /// sampling of Mahajan et al., 2018). Balanced weights make every class equally likely, which costs the
    /// large classes more recall than macro-F1 gains from the small ones.
    package static func moderateClassWeights(_ counts: [Int]) -> [Double] {
        let roots = balancedClassWeights(counts).map { $0.squareRoot() }
        let mean =
            zip(roots, counts).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(max(counts.reduce(0, +), 1))
        return roots.map { mean > 0 ? $0 / mean : 0 }
    }

    /// Parses weights such as `functional=1,defective=5`, every class once, in any order. A name with a comma
    /// is quoted, as in CSV. Throws `ClassWeightsError`.
    package static func classWeights(parsing text: String, classes: ClassList) throws -> [Double] {
        var weights = [Double?](repeating: nil, count: classes.count)
        for (name, weight) in try namedWeights(parsing: text) {
            guard let index = classes.index(of: name) else {
                throw ClassWeightsError.unknownClass(name, known: classes.names)
            }
            guard weights[index] == nil else { throw ClassWeightsError.repeatedClass(name) }
            weights[index] = try number(weight, of: name)
        }
        let missing = zip(classes.names, weights).filter { $1 == nil }.map { $0.0 }
        guard missing.isEmpty else { throw ClassWeightsError.missingClasses(missing) }
        return weights.compactMap { $0 }
    }

    /// Checks form and numbers of class weights before the classes are known. Throws `ClassWeightsError`.
    package static func checkClassWeights(_ text: String) throws {
        for (name, weight) in try namedWeights(parsing: text) { _ = try number(weight, of: name) }
    }

    private static func number(_ text: String, of name: String) throws -> Double {
        guard let weight = Double(text), weight > 0, weight.isFinite else {
            throw ClassWeightsError.notAWeight(text, name: name)
        }
        guard weightRange.contains(weight) else { throw ClassWeightsError.outOfRange(text, name: name) }
        return weight
    }

    /// Weights that a loss in 32 bits bears.
    static let weightRange = 1e-6...1e6

    private static func namedWeights(parsing text: String) throws -> [(name: String, weight: String)] {
        let rows: [[String]]
        do {
            rows = try CSV.parse(text)
        } catch {
            throw ClassWeightsError.malformed(text)
        }
        guard rows.count == 1, let row = rows.first else { throw ClassWeightsError.malformed(text) }
        return try row.map { field in
            guard let sign = field.lastIndex(of: "=") else { throw ClassWeightsError.malformed(field) }
            return (
                String(field[..<sign]).trimmingSpaces,
                String(field[field.index(after: sign)...]).trimmingSpaces
            )
        }
    }
}

/// Invalid class weights.
public enum ClassWeightsError: CategorizedError, Equatable, Sendable {
    case malformed(String)
    case unknownClass(String, known: [String])
    case repeatedClass(String)
    case notAWeight(String, name: String)
    case outOfRange(String, name: String)
    case missingClasses([String])

    public var category: ErrorCategory { .input }

    public var description: String {
        switch self {
        case .malformed(let text):
            "class weights: expected name=weight,name=weight, got \"\(text.printable)\""
        case .unknownClass(let name, let known):
            "class weights: no class is named \"\(name.printable)\" (the classes are \(known.listed()))"
        case .repeatedClass(let name):
            "class weights: \(name.printable) is given twice"
        case .notAWeight(let text, let name):
            "class weights: expected a number above 0 for \(name.printable), got \"\(text.printable)\""
        case .outOfRange(let text, let name):
            "class weights: expected \(Balance.weightRange.lowerBound) to \(Balance.weightRange.upperBound) for "
                + "\(name.printable), got \(text.printable)"
        case .missingClasses(let names):
            "class weights: none given for \(names.listed()); every class needs one"
        }
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        var text = self[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
