import TailorEvaluation

extension RunReport {
    /// Figures of one split, with 95 % intervals.
    public struct Results: Sendable {
        public enum Split: String, Sendable { case validation, test }

        public struct ClassRow: Sendable, Hashable {
            public var name: String
            public var support: Int
            public var precision: Double?
            public var precisionInterval: Interval?
            public var recall: Double?
            public var recallInterval: Interval?
            public var f1: Double?
        }

        public var split: Split
        public var n: Int
        public var accuracy: Double
        public var accuracyInterval: Interval
        public var macroF1: Double
        public var macroF1Interval: Interval
        public var balancedAccuracy: Double
        public var balancedAccuracyInterval: Interval
        public var auroc: Double?
        public var logLoss: Double
        public var ece: Double
        public var temperature: Double
        public var perClass: [ClassRow]
        public var confusion: ConfusionMatrix
        public var reliability: [Calibration.Bin]
        /// What a reader should know before believing the figures.
        public var cautions: [String]

        public init(_ evaluation: ModelEvaluation, split: Split) {
            let metrics = evaluation.metrics
            let intervals = evaluation.intervals
            self.split = split
            self.n = metrics.n
            self.accuracy = metrics.accuracy
            self.accuracyInterval = intervals.accuracy
            self.macroF1 = metrics.macroF1
            self.macroF1Interval = intervals.macroF1
            self.balancedAccuracy = metrics.balancedAccuracy
            self.balancedAccuracyInterval = intervals.balancedAccuracy
            self.auroc = evaluation.auroc
            self.logLoss = evaluation.logLoss
            self.ece = evaluation.ece
            self.temperature = evaluation.temperature
            self.perClass = zip(metrics.perClass, intervals.perClass).map { row, interval in
                ClassRow(
                    name: row.name, support: row.support, precision: row.precision,
                    precisionInterval: interval.precision, recall: row.recall,
                    recallInterval: interval.recall, f1: row.f1)
            }
            self.confusion = metrics.confusion
            self.reliability = evaluation.reliability
            self.cautions = evaluation.cautions
        }

        /// The class with most samples and its share: what always answering it would get right.
        var commonest: (name: String, share: Double)? {
            guard n > 0, let row = perClass.max(by: { $0.support < $1.support }) else { return nil }
            return (row.name, Double(row.support) / Double(n))
        }
    }
}
