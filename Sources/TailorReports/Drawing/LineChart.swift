import Foundation
import TailorTerminal

/// Line chart over epochs: legend below, phases as shaded bands, the best epoch marked.
struct LineChart: Sendable {
    struct Series: Sendable {
        let name: String
        /// Class in the style sheet, `s0`…`s5`.
        let style: String
        /// Points (epoch, value); missing epochs leave gaps.
        let points: [(epoch: Int, value: Double)]
    }

    let title: String
    let valueLabel: String
    let scale: Axis.Scale
    let domain: ClosedRange<Double>
    let series: [Series]
    let epochs: ClosedRange<Int>
    let phases: [RunReport.Phase]
    let bestEpoch: Int?

    private static let width = 340.0
    private static let height = 232.0
    private static let plot = (right: 336.0, top: 22.0, bottom: 192.0)

    /// Left edge of the plot: there is room for the ticks beside the axis's title.
    private var left: Double { y.labelledStart(yTicks, atLeast: 56) }
    private var yTicks: [Axis.Tick] { y.ticks(4) }

    private var x: Axis {
        Axis(
            scale: .linear, domain: Double(epochs.lowerBound) - 0.5...Double(epochs.upperBound) + 0.5,
            start: left, end: Self.plot.right)
    }

    private var y: Axis {
        Axis(scale: scale, domain: domain, start: Self.plot.bottom, end: Self.plot.top)
    }

    func html() -> HTML {
        """
        <figure class="chart"><figcaption>\(title)</figcaption>
        <svg viewBox="0 0 \(Self.width) \(Self.height)" role="img" aria-label="\(title), by epoch. \(summary)">
        <title>\(title), by epoch</title>
        \(bands)\(grid)\(epochTicks)\(bestMark)
        \(series.map(curve).joined())
        <text class="label" x="\((left + Self.plot.right) / 2)" y="\(Self.height - 6)" \
        text-anchor="middle">epoch</text>
        <text class="label" transform="translate(9 \((Self.plot.top + Self.plot.bottom) / 2)) rotate(-90)" \
        text-anchor="middle">\(valueLabel)</text>
        </svg>\(key)</figure>
        """
    }

    /// Description for screen readers.
    private var summary: String {
        series.compactMap { series in
            guard let first = series.points.first, let last = series.points.last else { return nil }
            return "\(series.name): \(Format.significant(first.value)) at epoch \(first.epoch), "
                + "\(Format.significant(last.value)) at epoch \(last.epoch)."
        }.joined(separator: " ")
    }

    private var key: HTML {
        let entries = series.map { series -> HTML in
            """
            <span class="key"><svg viewBox="0 0 18 8" aria-hidden="true">\
            <line class="\(series.style)" x1="1" y1="4" x2="17" y2="4"/></svg>\(series.name)</span>
            """
        }
        return entries.count > 1 ? "<p class=\"keys\">\(entries.joined(separator: " "))</p>" : ""
    }

    private var bands: HTML {
        phases.enumerated().compactMap { index, phase -> HTML? in
            let epochs = phase.epochs.clamped(to: epochs)
            guard phase.epochs.overlaps(self.epochs) else { return nil }
            let left = x.position(Double(epochs.lowerBound) - 0.5)
            let right = x.position(Double(epochs.upperBound) + 0.5)
            let fits = Double(phase.name.displayWidth) * 5.4 < right - left - 2
            let name: HTML =
                fits
                ? """
                <text class="phase" x="\((left + right) / 2)" y="\(Self.plot.top - 8)" \
                text-anchor="middle">\(phase.name)</text>
                """ : ""
            return """
                <g><title>\(phase.name): epochs \(phase.epochs.lowerBound)–\(phase.epochs.upperBound)</title>\
                <rect class="band\(index % 2)" x="\(left)" y="\(Self.plot.top)" width="\(right - left)" \
                height="\(Self.plot.bottom - Self.plot.top)"/>\(name)</g>
                """
        }.joined()
    }

    private var grid: HTML {
        yTicks.map { tick -> HTML in
            """
            <line class="grid" x1="\(left)" x2="\(Self.plot.right)" y1="\(tick.position)" \
            y2="\(tick.position)"/><text class="tick" x="\(left - 6)" y="\(tick.position + 4)" \
            text-anchor="end">\(tick.label)</text>
            """
        }.joined()
    }

    /// Ticks at whole epochs, at a round distance.
    private var epochTicks: HTML {
        let step = max(1, Int(Axis.roundStep(Double(epochs.count) / 10)))
        let shown = epochs.filter { epochs.count <= 12 || $0 % step == 0 }
        return shown.map { epoch -> HTML in
            """
            <text class="tick" x="\(x.position(Double(epoch)))" y="\(Self.plot.bottom + 16)" \
            text-anchor="middle">\(epoch)</text>
            """
        }.joined()
    }

    private var bestMark: HTML {
        guard let bestEpoch, epochs.contains(bestEpoch) else { return "" }
        let position = x.position(Double(bestEpoch))
        let isLate = position > Self.plot.right - 30
        return """
            <line class="best" x1="\(position)" x2="\(position)" y1="\(Self.plot.top)" y2="\(Self.plot.bottom)">\
            <title>Epoch \(bestEpoch): the weights that were kept</title></line>\
            <text class="tick" x="\(position + (isLate ? -4 : 4))" y="\(Self.plot.bottom - 5)" \
            text-anchor="\(isLate ? "end" : "start")">kept</text>
            """
    }

    private func curve(_ series: Series) -> HTML {
        var path = ""
        var previous: Int?
        for point in series.points {
            let command = previous == point.epoch - 1 ? "L" : "M"
            let place: HTML = "\(x.position(Double(point.epoch))) \(y.position(point.value))"
            path += "\(command)\(place.text)"
            previous = point.epoch
        }
        let dots = series.points.map { point -> HTML in
            """
            <circle class="\(series.style)" cx="\(x.position(Double(point.epoch)))" \
            cy="\(y.position(point.value))" r="\(series.points.count > 40 ? 1.5 : 2.6)">\
            <title>\(series.name), epoch \(point.epoch): \(Format.significant(point.value))</title></circle>
            """
        }
        return "<path class=\"\(series.style)\" d=\"\(HTML(markup: path))\"/>\(dots.joined(separator: ""))"
    }
}
