import Foundation
import TailorTerminal

/// An axis of a chart: maps values to positions, with ticks at round numbers.
struct Axis: Sendable {
    enum Scale: Sendable { case linear, logarithmic }

    struct Tick: Sendable {
        let position: Double
        let label: String
    }

    let scale: Scale
    let domain: ClosedRange<Double>
    /// Position of the domain's lower end.
    let start: Double
    /// Position of the domain's upper end; less than `start` on a vertical axis.
    let end: Double

    /// Position of a value.
    func position(_ value: Double) -> Double {
        let share =
            switch scale {
            case .linear: (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
            case .logarithmic:
                log(value / domain.lowerBound) / log(domain.upperBound / domain.lowerBound)
            }
        return start + share * (end - start)
    }

    /// Ticks within the domain, about `count`.
    func ticks(_ count: Int = 5) -> [Tick] {
        values(count).map { Tick(position: position($0), label: Format.significant($0)) }
    }

    /// Left edge of a plot whose vertical axis is this one: its labels end 6 before the edge, and leave the
    /// first 18 to the axis's title.
    func labelledStart(_ ticks: [Tick], atLeast least: Double) -> Double {
        // A digit of 11 px is up to 7 wide.
        let widest = ticks.map { 7 * Double($0.label.displayWidth) }.max() ?? 0
        return max(least, 18 + widest + 6)
    }

    private func values(_ count: Int) -> [Double] {
        switch scale {
        case .linear:
            let step = Self.roundStep((domain.upperBound - domain.lowerBound) / Double(max(count, 1)))
            let first = (domain.lowerBound / step - 1e-9).rounded(.up)
            let last = (domain.upperBound / step + 1e-9).rounded(.down)
            guard last >= first, last - first < 100 else { return [domain.lowerBound, domain.upperBound] }
            return stride(from: first, through: last, by: 1).map { $0 * step }
        case .logarithmic:
            let decades =
                Int(log10(domain.lowerBound).rounded(.down))...Int(log10(domain.upperBound).rounded(.up))
            let stepped =
                decades.count > 9
                ? stride(from: decades.lowerBound, through: decades.upperBound, by: 2)
                : stride(from: decades.lowerBound, through: decades.upperBound, by: 1)
            let factors: [Double] = decades.count <= 3 ? [1, 2, 5] : [1]
            return stepped.flatMap { power in factors.map { $0 * pow(10, Double(power)) } }
                .filter { $0 >= domain.lowerBound * 0.999 && $0 <= domain.upperBound * 1.001 }
        }
    }

    /// Rounds a step up to 1, 2 or 5 × a power of ten.
    static func roundStep(_ step: Double) -> Double {
        guard step > 0, step.isFinite else { return 1 }
        let power = pow(10, floor(log10(step)))
        let factor = [1.0, 2, 5, 10].first { $0 * power >= step * 0.999 } ?? 10
        return factor * power
    }

    /// Linear domain with round ends that holds `values`, from 0 if `fromZero`.
    static func domain(around values: [Double], fromZero: Bool = false, within: ClosedRange<Double>? = nil)
        -> ClosedRange<Double>
    {
        var low = fromZero ? 0 : (values.min() ?? 0)
        var high = values.max() ?? 1
        if high - low < 1e-9 * max(1, abs(high)) {
            let margin = max(abs(high) * 0.1, 1e-3)
            (low, high) = (fromZero ? 0 : low - margin, high + margin)
        }
        let step = roundStep((high - low) / 4)
        low = (low / step + 1e-9).rounded(.down) * step
        high = (high / step - 1e-9).rounded(.up) * step
        if let within {
            low = max(low, within.lowerBound)
            high = min(high, within.upperBound)
        }
        return low...max(high, low + step / 1000)
    }

    /// Logarithmic domain that holds `values`, all positive, with a margin.
    static func logarithmicDomain(around values: [Double]) -> ClosedRange<Double> {
        let low = (values.min() ?? 1) / 1.3
        let high = (values.max() ?? 1) * 1.3
        return low...high
    }
}
