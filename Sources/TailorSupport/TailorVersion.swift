/// Version of the package.
public enum TailorVersion {
    public static let current = "0.1.0"
    /// Date of the release, or of the last change that a user sees: year, month, day.
    public static let date = "2026-11-26"
}
