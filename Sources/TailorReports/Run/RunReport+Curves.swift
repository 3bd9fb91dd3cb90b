extension RunReport {
    /// Charts of loss, macro-F1 and learning rates by epoch, where there are values.
    var curves: HTML {
        guard let first = epochs.map(\.epoch).min(), let last = epochs.map(\.epoch).max() else { return "" }
        let charts = [lossChart, macroF1Chart, learningRateChart].compactMap { $0?(first...last) }
        guard !charts.isEmpty else { return "" }
        return """
            <section><h2>How training went</h2>
            <div class="charts">\(charts.map { $0.html() }.joined())</div></section>
            """
    }

    private typealias Draw = (ClosedRange<Int>) -> LineChart

    private func points(_ value: (Epoch) -> Double?) -> [(epoch: Int, value: Double)] {
        epochs.sorted { $0.epoch < $1.epoch }.compactMap { epoch in
            value(epoch).flatMap { $0.isFinite ? (epoch.epoch, $0) : nil }
        }
    }

    private var lossChart: Draw? {
        let series = [
            LineChart.Series(name: "train", style: "s0", points: points(\.trainLoss)),
            LineChart.Series(name: "validation", style: "s1", points: points(\.validationLoss)),
        ].filter { !$0.points.isEmpty }
        let values = series.flatMap { $0.points.map(\.value) }
        guard !values.isEmpty else { return nil }
        return { epochs in
            LineChart(
                title: "Loss", valueLabel: "cross-entropy, nats", scale: .linear,
                domain: Axis.domain(around: values, fromZero: (values.min() ?? 0) >= 0), series: series,
                epochs: epochs, phases: phases, bestEpoch: bestEpoch)
        }
    }

    private var macroF1Chart: Draw? {
        let points = points(\.validationMacroF1)
        guard !points.isEmpty else { return nil }
        return { epochs in
            LineChart(
                title: "Macro-F1 on validation images", valueLabel: "macro-F1", scale: .linear,
                domain: Axis.domain(around: points.map(\.value), within: 0...1),
                series: [LineChart.Series(name: "macro-F1", style: "s1", points: points)], epochs: epochs,
                phases: phases, bestEpoch: bestEpoch)
        }
    }

    private var learningRateChart: Draw? {
        var groups: [String] = []
        for rate in epochs.flatMap(\.learningRates) where !groups.contains(rate.group) {
            groups.append(rate.group)
        }
        // The fastest first, as the curves lie from the top.
        let peaks = groups.map { group in
            epochs.flatMap(\.learningRates).filter { $0.group == group }.map(\.value).max() ?? 0
        }
        groups = groups.indices.sorted { (-peaks[$0], $0) < (-peaks[$1], $1) }.map { groups[$0] }
        let series = groups.prefix(6).enumerated().map { index, group in
            LineChart.Series(
                name: group, style: "s\(index)",
                points: points { epoch in
                    // A rate of zero has no place on a logarithmic scale.
                    epoch.learningRates.first { $0.group == group && $0.value > 0 }?.value
                })
        }.filter { !$0.points.isEmpty }
        let values = series.flatMap { $0.points.map(\.value) }
        guard !values.isEmpty else { return nil }
        return { epochs in
            LineChart(
                title: "Learning rate", valueLabel: "learning rate, log scale", scale: .logarithmic,
                domain: Axis.logarithmicDomain(around: values), series: series, epochs: epochs,
                phases: phases, bestEpoch: nil)
        }
    }
}
