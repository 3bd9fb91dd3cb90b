public enum TailorVersion {
    public static let current = "0.1.0"
}
