import Foundation
import TailorEvaluation
import TailorImages
import TailorModelFile

/// A value that TensorBoard shows under a tag.
package struct EventValue {
    let message: TensorBoardSummary.Value

    private init(_ tag: String, _ fill: (inout TensorBoardSummary.Value) -> Void) {
        var value = TensorBoardSummary.Value()
        value.tag = tag
        fill(&value)
        message = value
    }

    package static func scalar(_ tag: String, _ value: Double) -> EventValue {
        EventValue(tag) { $0.scalar = Float(value) }
    }

    /// A PNG or JPEG file of this size.
    package static func image(_ tag: String, encoded: Data, width: Int, height: Int) -> EventValue {
        EventValue(tag) {
            var image = TensorBoardSummary.Image()
            image.width = Int32(clamping: width)
            image.height = Int32(clamping: height)
            image.encoded = encoded
            $0.image = image
        }
    }

    /// Text in Markdown.
    package static func text(_ tag: String, _ markdown: String) -> EventValue {
        EventValue(tag) {
            var tensor = TensorBoardSummary.Tensor()
            tensor.type = TensorBoardSummary.Tensor.string
            tensor.shape = .init([1])
            tensor.strings = [markdown]
            $0.tensor = tensor
            $0.metadata = .init(plugin: "text", content: Data())
        }
    }

    /// Precision and recall of a class at evenly spaced thresholds.
    ///
    /// - Parameters:
    ///   - probabilities: of the class, 0…1, one an image.
    ///   - isPositive: whether the image is of the class.
    package static func precisionRecall(
        _ tag: String, probabilities: [Double], isPositive: [Bool], thresholds: Int = 201
    ) -> EventValue {
        let curve = PrecisionRecallCounts(probabilities, isPositive, thresholds: thresholds)
        return EventValue(tag) {
            var tensor = TensorBoardSummary.Tensor()
            tensor.type = TensorBoardSummary.Tensor.float
            tensor.shape = .init([6, thresholds])
            tensor.floats = curve.rows.flatMap { $0 }
            $0.tensor = tensor
            var data = PrecisionRecallData()
            data.thresholds = Int64(thresholds)
            $0.metadata = .init(plugin: "pr_curves", content: data.serializedBytes())
        }
    }

    /// What decides a run, and which metrics to compare it by.
    package static func hyperparameters(
        _ values: [(name: String, value: Hyperparameter)], metrics: [String], started: Date, ended: Date
    ) -> [EventValue] {
        var experiment = HyperparameterData.Experiment()
        experiment.hyperparameters = values.map { name, value in
            var info = HyperparameterData.Hyperparameter()
            info.name = name
            info.type = value.type
            return info
        }
        experiment.metrics = metrics.map { tag in
            var metric = HyperparameterData.Metric()
            var name = HyperparameterData.Metric.Name()
            name.tag = tag
            metric.name = name
            return metric
        }
        var start = HyperparameterData.SessionStart()
        start.values = values.map { name, value in
            var entry = HyperparameterData.SessionStart.Entry()
            entry.key = name
            entry.value = value.message
            return entry
        }
        start.startTime = started.timeIntervalSince1970
        var end = HyperparameterData.SessionEnd()
        end.status = HyperparameterData.SessionEnd.success
        end.endTime = ended.timeIntervalSince1970
        func value(_ tag: String, _ fill: (inout HyperparameterData) -> Void) -> EventValue {
            var data = HyperparameterData()
            fill(&data)
            return EventValue("_hparams_/\(tag)") {
                $0.metadata = .init(plugin: "hparams", content: data.serializedBytes())
            }
        }
        return [
            value("experiment") { $0.experiment = experiment },
            value("session_start_info") { $0.start = start },
            value("session_end_info") { $0.end = end },
        ]
    }

    package enum Hyperparameter {
        case number(Double)
        case text(String)

        fileprivate var type: Int32 {
            switch self {
            case .number: HyperparameterData.Hyperparameter.number
            case .text: HyperparameterData.Hyperparameter.string
            }
        }

        fileprivate var message: HyperparameterData.SessionStart.Value {
            var value = HyperparameterData.SessionStart.Value()
            switch self {
            case .number(let number): value.number = number
            case .text(let text): value.text = text
            }
            return value
        }
    }
}

extension TensorBoardSummary.Shape {
    fileprivate init(_ sizes: [Int]) {
        self.init()
        extents = sizes.map { size in
            var extent = Extent()
            extent.size = Int64(size)
            return extent
        }
    }
}

extension TensorBoardSummary.Metadata {
    fileprivate init(plugin name: String, content: Data) {
        self.init()
        var plugin = Plugin()
        plugin.name = name
        plugin.content = content
        self.plugin = plugin
        dataClass = Self.tensors
    }
}

/// Counts behind a curve: the rows of TensorBoard's tensor.
package struct PrecisionRecallCounts {
    /// True and false positives, true and false negatives, precision, recall; a column a threshold.
    package let rows: [[Float]]

    package init(_ probabilities: [Double], _ isPositive: [Bool], thresholds: Int) {
        var rows = [[Float]](repeating: [], count: 6)
        let positives = isPositive.count { $0 }
        for index in 0..<thresholds {
            let threshold = Double(index) / Double(max(1, thresholds - 1))
            var (hits, alarms) = (0, 0)
            for (probability, positive) in zip(probabilities, isPositive) where probability >= threshold {
                if positive { hits += 1 } else { alarms += 1 }
            }
            let missed = positives - hits
            let passed = isPositive.count - positives - alarms
            let counts = [hits, alarms, passed, missed].map(Float.init)
            // As TensorBoard's own summary: nothing found is a precision of 0.
            let ratios = [Float(hits) / Float(max(hits + alarms, 1)), Float(hits) / Float(max(positives, 1))]
            for (row, value) in zip(rows.indices, counts + ratios) { rows[row].append(value) }
        }
        self.rows = rows
    }
}
