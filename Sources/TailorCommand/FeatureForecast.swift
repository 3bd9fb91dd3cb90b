import TailorCommandLine
import TailorTerminal

/// Announcement of features that will take long.
enum FeatureForecast {
    /// Seconds from which on they are announced.
    private static let longFeatures = 60.0

    static func show(images: Int, seconds: Double, on console: PassConsole, quiet: Bool) {
        guard seconds >= longFeatures, !quiet else { return }
        console.finish()
        Console.note(
            "\(Format.count(images, "image")): features will take about \(Format.duration(seconds)); "
                + "--no-features leaves them out")
    }
}
