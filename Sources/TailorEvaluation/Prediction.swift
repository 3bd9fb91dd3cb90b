/// A model's answer for one image file, or why there is none.
public struct Prediction: Sendable, Equatable {
    public enum Outcome: Sendable, Equatable {
        case classified(Classification)
        /// The file could not be read; the reason names it.
        case unreadable(String)
    }

    /// Part of an image, in pixels.
    public struct Place: Codable, Sendable, Equatable {
        public var left: Int
        public var top: Int
        public var width: Int
        public var height: Int

        package init(left: Int, top: Int, width: Int, height: Int) {
            self.left = left
            self.top = top
            self.width = width
            self.height = height
        }
    }

    public var path: String
    public var outcome: Outcome
    /// The decisive part, if the image was classified in parts.
    public var place: Place?

    package init(path: String, _ outcome: Outcome, place: Place? = nil) {
        self.path = path
        self.outcome = outcome
        self.place = place
    }

    /// The answer; `nil` for a file that could not be read.
    public var classification: Classification? {
        if case .classified(let classification) = outcome { classification } else { nil }
    }

    /// Reason that the file could not be read; `nil` if it was.
    public var error: String? {
        if case .unreadable(let reason) = outcome { reason } else { nil }
    }
}

extension Prediction: Encodable {
    private enum Key: String, CodingKey {
        case path, predicted, probability, probabilities, rejected, distance, place, error
    }

    /// Encodes one flat object without keys for what is missing; `probabilities` by class name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(path, forKey: .path)
        switch outcome {
        case .classified(let answer):
            try container.encode(answer.label, forKey: .predicted)
            try container.encode(answer.probability, forKey: .probability)
            let byClass = Dictionary(
                zip(answer.classes, answer.probabilities), uniquingKeysWith: { first, _ in first })
            try container.encode(byClass, forKey: .probabilities)
            try container.encodeIfPresent(answer.rejection, forKey: .rejected)
            try container.encodeIfPresent(answer.distance, forKey: .distance)
        case .unreadable(let reason):
            try container.encode(reason, forKey: .error)
        }
        try container.encodeIfPresent(place, forKey: .place)
    }
}
