import Tailor

/// Document that `evaluate --json` prints: `metrics.json`, and under `exported` the same of the model file.
struct EvaluationDocument: Encodable {
    private enum CodingKeys: String, CodingKey {
        case exported
        case sameClass = "same_class"
    }

    private let report: MetricsReport
    private let exported: MetricsReport?
    /// Share of the images that both give the same class, 0...1.
    private let sameClass: Double?

    init(_ result: TestEvaluation) {
        report = MetricsReport(result.evaluation, testUses: result.testUses)
        exported = result.exported.map { MetricsReport($0.evaluation, testUses: result.testUses) }
        sameClass = result.exported?.sameClass
    }

    func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(exported, forKey: .exported)
        try container.encodeIfPresent(sameClass, forKey: .sameClass)
    }
}
