import TailorModelFile

/// Content of the plugin `hparams` (`tensorboard/plugins/hparams/plugin_data.proto`, `api.proto`).
struct HyperparameterData: WireMessage {
    var experiment: Experiment?
    var start: SessionStart?
    var end: SessionEnd?
    var unknownFields = UnknownFields()

    mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
        try visitor.field(2, &experiment)
        try visitor.field(3, &start)
        try visitor.field(4, &end)
    }

    /// Which hyperparameters and metrics there are.
    struct Experiment: WireMessage {
        var hyperparameters: [Hyperparameter] = []
        var metrics: [Metric] = []
        var unknownFields = UnknownFields()

        mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
            try visitor.field(4, &hyperparameters)
            try visitor.field(5, &metrics)
        }
    }

    struct Hyperparameter: WireMessage {
        static let string: Int32 = 1
        static let number: Int32 = 3

        var name = ""
        var type: Int32 = 0
        var unknownFields = UnknownFields()

        mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
            try visitor.field(1, &name)
            try visitor.field(4, &type)
        }
    }

    struct Metric: WireMessage {
        var name: Name?
        var unknownFields = UnknownFields()

        mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
            try visitor.field(1, &name)
        }

        struct Name: WireMessage {
            var tag = ""
            var unknownFields = UnknownFields()

            mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
                try visitor.field(2, &tag)
            }
        }
    }

    struct SessionStart: WireMessage {
        /// A map: each entry is a key and its value.
        var values: [Entry] = []
        var startTime: Double?
        var unknownFields = UnknownFields()

        mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
            try visitor.field(1, &values)
            try visitor.field(5, &startTime)
        }

        struct Entry: WireMessage {
            var key = ""
            var value: Value?
            var unknownFields = UnknownFields()

            mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
                try visitor.field(1, &key)
                try visitor.field(2, &value)
            }
        }

        /// `google.protobuf.Value`.
        struct Value: WireMessage {
            var number: Double?
            var text: String?
            var unknownFields = UnknownFields()

            mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
                try visitor.field(2, &number)
                try visitor.field(3, &text)
            }
        }
    }

    struct SessionEnd: WireMessage {
        static let success: Int32 = 1

        var status: Int32 = 0
        var endTime: Double?
        var unknownFields = UnknownFields()

        mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
            try visitor.field(1, &status)
            try visitor.field(2, &endTime)
        }
    }
}

/// Content of the plugin `pr_curves`.
struct PrecisionRecallData: WireMessage {
    var thresholds: Int64 = 0
    var unknownFields = UnknownFields()

    mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
        try visitor.field(2, &thresholds)
    }
}
