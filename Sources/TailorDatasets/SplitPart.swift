/// The three folders of a split.
public enum SplitPart: String, Codable, Sendable, CaseIterable {
    case train, val, test
}
