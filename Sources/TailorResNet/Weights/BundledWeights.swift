import Foundation

/// Finds the weights that come with this package.
///
/// Not through `Bundle.module`, which ends the program when the resource folder is missing: an executable
/// copied elsewhere alone shall say so instead.
enum BundledWeights {
    static func url() throws -> URL {
        let name = WeightSet.bundled.fileName
        var searched: [String] = []
        for folder in folders() {
            let url = folder.appendingPathComponent(name)
            if FileManager.default.isReadableFile(atPath: url.path) { return url }
            searched.append(folder.path)
        }
        throw WeightsError.bundledMissing(searched: searched)
    }

    private static func folders() -> [URL] {
        // Next to the executable, which may have been called through a link; then the sources it was built of.
        var parents = [Bundle.main.bundleURL]
        if let executable = Bundle.main.executableURL {
            parents.append(executable.resolvingSymlinksInPath().deletingLastPathComponent())
        }
        if let resources = Bundle.main.resourceURL { parents.append(resources) }
        let bundles = parents.flatMap { parent in
            ["tailor_TailorResNet.resources", "tailor_TailorResNet.bundle"].map {
                parent.appendingPathComponent($0, isDirectory: true)
            }
        }
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return bundles + [sources.appendingPathComponent("Resources", isDirectory: true)]
    }
}
