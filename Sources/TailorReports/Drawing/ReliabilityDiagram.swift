import TailorEvaluation
import TailorTerminal

/// Reliability diagram: accuracy against confidence by bin, above the number of samples.
struct ReliabilityDiagram: Sendable {
    let bins: [Calibration.Bin]

    private static let plot = (right: 354.0, top: 12.0, bottom: 232.0)
    private static let counts = (top: 246.0, bottom: 296.0)

    /// Left edge of the plot: there is room for the largest count beside the axis's title.
    private var left: Double {
        let largest = Axis.Tick(position: Self.counts.top, label: Format.count(bins.map(\.count).max() ?? 0))
        return y.labelledStart([largest], atLeast: 54)
    }

    private var x: Axis { Axis(scale: .linear, domain: 0...1, start: left, end: Self.plot.right) }
    private var y: Axis { Axis(scale: .linear, domain: 0...1, start: Self.plot.bottom, end: Self.plot.top) }

    func html() -> HTML {
        """
        <figure class="chart reliability">
        <svg viewBox="0 0 366 340" role="img" aria-label="Reliability diagram; the table below holds its figures">
        <title>Reliability diagram</title>
        \(grid)\(bins.map(bar).joined())
        <line class="ideal" x1="\(x.position(0))" y1="\(y.position(0))" x2="\(x.position(1))" \
        y2="\(y.position(1))"><title>Perfect calibration</title></line>
        \(histogram)
        <text class="label" x="\((left + Self.plot.right) / 2)" y="334" text-anchor="middle">confidence (probability of the class picked)</text>
        <text class="label" transform="translate(12 122) rotate(-90)" text-anchor="middle">share right</text>
        <text class="label" transform="translate(12 271) rotate(-90)" text-anchor="middle">images</text>
        </svg></figure>
        """
    }

    private var grid: HTML {
        let lines = y.ticks(5).map { tick -> HTML in
            """
            <line class="grid" x1="\(left)" x2="\(Self.plot.right)" y1="\(tick.position)" \
            y2="\(tick.position)"/><text class="tick" x="\(left - 6)" y="\(tick.position + 4)" \
            text-anchor="end">\(tick.label)</text>
            """
        }
        let below = x.ticks(5).map { tick -> HTML in
            """
            <text class="tick" x="\(tick.position)" y="\(Self.counts.bottom + 16)" \
            text-anchor="middle">\(tick.label)</text>
            """
        }
        return "\(lines.joined())\(below.joined())"
    }

    /// Bar of the accuracy, with its gap to the confidence.
    private func bar(_ bin: Calibration.Bin) -> HTML {
        guard let accuracy = bin.accuracy, let confidence = bin.confidence else { return "" }
        let left = x.position(bin.low) + 1
        let width = x.position(bin.high) - x.position(bin.low) - 2
        let (low, high) = (min(accuracy, confidence), max(accuracy, confidence))
        let kind = confidence > accuracy ? "over" : "under"
        return """
            <g><title>Confidence \(Format.percent(bin.low, digits: 0)) to \(Format.percent(bin.high, digits: 0)): \
            \(Format.percent(accuracy)) of \(bin.count) right, mean confidence \(Format.percent(confidence))</title>\
            <rect class="accuracy" x="\(left)" width="\(width)" y="\(y.position(accuracy))" \
            height="\(y.position(0) - y.position(accuracy))"/>\
            <rect class="gap \(kind)" x="\(left)" width="\(width)" y="\(y.position(high))" \
            height="\(y.position(low) - y.position(high))"/></g>
            """
    }

    private var histogram: HTML {
        let largest = bins.map(\.count).max() ?? 0
        guard largest > 0 else { return "" }
        let axis = Axis(
            scale: .linear, domain: 0...Double(largest), start: Self.counts.bottom, end: Self.counts.top)
        let bars = bins.filter { $0.count > 0 }.map { bin -> HTML in
            let top = axis.position(Double(bin.count))
            return """
                <rect class="count" x="\(x.position(bin.low) + 1)" y="\(top)" \
                width="\(x.position(bin.high) - x.position(bin.low) - 2)" \
                height="\(Self.counts.bottom - top)"><title>\(Format.count(bin.count, "image"))</title></rect>
                """
        }
        return """
            \(bars.joined())<line class="grid" x1="\(left)" x2="\(Self.plot.right)" \
            y1="\(Self.counts.bottom)" y2="\(Self.counts.bottom)"/>\
            <text class="tick" x="\(left - 6)" y="\(Self.counts.top + 7)" \
            text-anchor="end">\(Format.count(largest))</text>\
            <text class="tick" x="\(left - 6)" y="\(Self.counts.bottom + 2)" text-anchor="end">0</text>
            """
    }
}
