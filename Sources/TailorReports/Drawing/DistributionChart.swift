import TailorTerminal

/// Histograms of all classes in strips on one axis, to compare their shapes.
struct DistributionChart: Sendable {
    private struct Strip {
        let name: String
        let counts: [Int]

        var total: Int { counts.reduce(0, +) }
        /// Share of the class's images in each bin, 0...1.
        var shares: [Double] { counts.map { Double($0) / Double(max(total, 1)) } }
    }

    /// Most strips; more classes are drawn as one.
    static let stripLimit = 8

    private let histogram: CheckPage.Histogram
    private let strips: [Strip]

    private static let width = 340.0
    private static let margin = 4.0
    /// Heights of a strip's name, its bars and the gap below.
    private static let (nameHeight, barHeight, gap) = (17.0, 44.0, 9.0)

    /// Creates a chart; nil if there is nothing to draw.
    init?(_ histogram: CheckPage.Histogram) {
        let all = histogram.classes.indices.map { index in
            Strip(
                name: histogram.classes[index],
                counts: histogram.bins.map { index < $0.counts.count ? max(0, $0.counts[index]) : 0 })
        }.filter { $0.total > 0 }
        guard !all.isEmpty else { return nil }
        self.histogram = histogram
        strips =
            all.count <= Self.stripLimit
            ? all
            : [
                Strip(
                    name: "all \(Format.count(all.count)) classes",
                    counts: histogram.bins.indices.map { bin in all.reduce(0) { $0 + $1.counts[bin] } })
            ]
    }

    private var stripHeight: Double { Self.nameHeight + Self.barHeight + Self.gap }
    private var height: Double { stripHeight * Double(strips.count) + 18 }
    private var step: Double { (Self.width - 2 * Self.margin) / Double(histogram.bins.count) }
    private var largest: Double { strips.flatMap(\.shares).max() ?? 1 }

    func html() -> HTML {
        """
        <figure class="chart"><figcaption>\(histogram.title)</figcaption>
        <p class="note">\(histogram.caption)</p>
        <svg viewBox="0 0 \(Self.width) \(height)" role="img" aria-label="\(histogram.title). \(summary)">
        \(strips.enumerated().map { draw($1, top: stripHeight * Double($0)) }.joined())
        \(labels)
        </svg></figure>
        """
    }

    /// Description for screen readers.
    private var summary: String {
        strips.map { strip in
            let peak = strip.counts.indices.max { strip.counts[$0] < strip.counts[$1] } ?? 0
            return
                "\(strip.name): \(Format.count(strip.total, "image")), most at \(histogram.bins[peak].label)."
        }.joined(separator: " ")
    }

    private func draw(_ strip: Strip, top: Double) -> HTML {
        let base = top + Self.nameHeight + Self.barHeight
        let bars = zip(histogram.bins, zip(strip.counts, strip.shares)).enumerated().compactMap {
            index, bar -> HTML? in
            let (bin, (count, share)) = bar
            guard count > 0 else { return nil }
            // A single image among thousands stays visible.
            let height = max(1.5, Self.barHeight * share / largest)
            return """
                <rect x="\(Self.margin + step * Double(index) + 0.5)" y="\(base - height)" \
                width="\(max(0.5, step - 1))" height="\(height)" rx="\(min(1.5, step / 6))">\
                <title>\(strip.name), \(bin.label): \(Format.count(count, "image")) (\(Format.percent(share)))</title></rect>
                """
        }
        return """
            <text class="strip" x="\(Self.margin)" y="\(top + 12)">\(strip.name.fitted(to: 34))</text>\
            <text class="tick" x="\(Self.width - Self.margin)" y="\(top + 12)" \
            text-anchor="end">\(Format.count(strip.total, "image"))</text>
            <g class="bars">\(bars.joined(separator: ""))</g>\
            <line class="grid" x1="\(Self.margin)" x2="\(Self.width - Self.margin)" y1="\(base)" y2="\(base)"/>
            """
    }

    /// Labels of as many bins as there is room for.
    private var labels: HTML {
        let widest = Double(histogram.bins.map(\.label.displayWidth).max() ?? 0) * 6.2 + 8
        let every = max(1, Int((widest / step).rounded(.up)))
        return stride(from: 0, to: histogram.bins.count, by: every).map { index -> HTML in
            let center = Self.margin + step * (Double(index) + 0.5)
            let label = histogram.bins[index].label
            let half = Double(label.displayWidth) * 3.1
            // A label at the edge leans inwards.
            let x = min(max(center, half), Self.width - half)
            return
                "<text class=\"tick\" x=\"\(x)\" y=\"\(height - 4)\" text-anchor=\"middle\">\(label)</text>"
        }.joined()
    }
}
