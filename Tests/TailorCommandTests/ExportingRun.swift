import Foundation
import Tailor
import TestSupport

/// A run that is exported by the built programs, with a cache folder of its own.
struct ExportingRun {
    let images: MadeImages
    private let cache: TemporaryFolder

    /// Trains two epochs on images of two classes, as `runs/a`; its network sees 32 pixels.
    init() throws {
        images = try MadeImages()
        cache = try TemporaryFolder()
        let bundled = try PretrainedWeights.load(.bundled) { _ in }
        try train(
            images, .tiny(phases: [Phase(trainableFrom: .layer4, epochs: 2)], probe: LinearProbe()),
            into: "a", weights: bundled)
    }

    /// Runs a program in the folder of the images.
    func tailor(_ arguments: [String], program: String = "tailor") throws -> Program.Outcome {
        try Program.run(
            arguments, program: program, in: images.root,
            environment: ["XDG_CACHE_HOME": cache.url.path])
    }
}
