import TailorDatasets
import TailorSupport

/// Shares of the parts, the same for every class; their sum is 1.
public struct SplitShares: Codable, Sendable, Hashable {
    public let train: Double
    public let val: Double
    public let test: Double

    /// Standard shares: 64, 16 and 20 %.
    public static let standard = SplitShares(train: 0.64, val: 0.16, test: 0.2)

    private init(train: Double, val: Double, test: Double) {
        self.train = train
        self.val = val
        self.test = test
    }

    /// Creates shares; train gets the rest. Throws `SplitError.shares` unless both are 0 or more, one is
    /// above 0, and a rest is left.
    public init(val: Double, test: Double) throws {
        guard val >= 0, test >= 0, val + test > 0, val + test < 1 else {
            throw SplitError.shares(val: val, test: test)
        }
        // In floating point, 1 - 0.16 - 0.2 is not quite 0.64.
        self.init(train: ((1 - val - test) * 1e12).rounded() / 1e12, val: val, test: test)
    }

    /// Shares of parts with these numbers of images, in the order train, val, test.
    init(counts: [Int]) {
        let total = Double(max(counts.reduce(0, +), 1))
        self.init(
            train: Double(counts[0]) / total, val: Double(counts[1]) / total, test: Double(counts[2]) / total)
    }

    public subscript(part: SplitPart) -> Double {
        switch part {
        case .train: train
        case .val: val
        case .test: test
        }
    }

    /// Parts with a share above 0, the most needed first.
    var wanted: [SplitPart] { SplitPart.byNeed.filter { self[$0] > 0 } }

    /// Number of images for train, val and test out of `count`: by largest remainder, and at least one for as
    /// many parts as there are groups, in the order of need.
    func quotas(count: Int, groups: Int) -> [Int] {
        var quotas = [0, 0, 0]
        var remainders = [0.0, 0.0, 0.0]
        for part in SplitPart.allCases {
            let exact = self[part] * Double(count)
            // In floating point, 0.07 × 100 is slightly more than 7, other products are slightly less.
            quotas[part.index] = Int((exact + 1e-9).rounded(.down))
            remainders[part.index] = exact - Double(quotas[part.index])
        }
        let order = wanted.map(\.index).sorted { remainders[$0] > remainders[$1] }
        for index in order.prefix(max(0, count - quotas.reduce(0, +))) { quotas[index] += 1 }

        let fillable = wanted.prefix(min(groups, count)).map(\.index)
        for index in fillable where quotas[index] == 0 {
            guard let largest = quotas.indices.max(by: { quotas[$0] < quotas[$1] }) else { break }
            quotas[largest] -= 1
            quotas[index] += 1
        }
        return quotas
    }
}

extension SplitPart {
    /// Order in which a class of few groups fills the parts: training needs it most, then the test.
    static let byNeed: [SplitPart] = [.train, .test, .val]

    /// Position in `allCases`: 0, 1 or 2.
    var index: Int {
        switch self {
        case .train: 0
        case .val: 1
        case .test: 2
        }
    }
}
