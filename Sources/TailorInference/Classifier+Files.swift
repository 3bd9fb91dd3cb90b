import Foundation
import Synchronization
import TailorEvaluation
import TailorImages
import TailorSupport

extension Classifier {
    /// Classification of big images in tiles.
    public struct Tiling: Sendable {
        /// Tiles of an image.
        public var grid: TileGrid
        /// Rule that combines the answers of the tiles.
        public var rule: TileRule

        public init(grid: TileGrid, rule: TileRule) {
            self.grid = grid
            self.rule = rule
        }
    }

    /// Classifies image files; predictions in the order of `files`. For folders, see `ImageFiles.expand`.
    ///
    /// An image that cannot be read gets a prediction with its error; the others are not affected. Decoding
    /// and computing share the threads of ``Options/threads``.
    ///
    /// - Parameters:
    ///   - tiling: tiles that are classified instead of the whole; `nil` for the whole.
    ///   - progress: number of images done and of all; one call at a time.
    /// - Throws: `ImageError.invalidArgument` for a class that the model does not know, before any image is
    ///   read.
    public func predict(
        files: [String], tiling: Tiling? = nil,
        progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
    ) throws -> [Prediction] {
        let predictions = Mutex<[Prediction?]>(Array(repeating: nil, count: files.count))
        try predict(files: files, tiling: tiling, watch: nil, progress: progress) { index, prediction in
            predictions.withLock { $0[index] = prediction }
        }
        return predictions.withLock { $0.compactMap { $0 } }
    }

    /// - Parameters:
    ///   - watch: takes note of the files' bytes.
    ///   - explaining: what heat maps are of, and who gets them; `nil` for none.
    ///   - answer: gets each file's index and prediction once it is made, from any thread; what it throws ends the
    ///     work.
    package func predict(
        files: [String], tiling: Tiling?, watch: KnownTestImages?, explaining: Explaining? = nil,
        progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?,
        answer: @escaping @Sendable (Int, Prediction) throws -> Void
    ) throws {
        if case .worst(let name) = tiling?.rule { _ = try label(ofTile: name) }
        if explaining != nil, !hasMaps { throw ClassifierError.noMaps }
        let report: @Sendable (Int) -> Void = { progress?($0, files.count) }
        _ = try ParallelMap.run(files.count, workers: workers, name: "predict", progress: report) { index in
            let prediction: Prediction
            do {
                prediction = try self.predict(
                    file: files[index], tiling: tiling, watch: watch, explaining: explaining?.of(index))
            } catch let error as ImageError {
                prediction = Prediction(path: files[index], .unreadable("\(error)"))
            }
            try answer(index, prediction)
        }
    }

    private func predict(
        file: String, tiling: Tiling?, watch: KnownTestImages?, explaining: Explaining.OfFile?
    ) throws -> Prediction {
        try withImage(contentsOf: URL(fileURLWithPath: file), watch: watch) { image in
            guard let tiling else {
                guard let explaining else {
                    return Prediction(path: file, .classified(try classify(image)))
                }
                let explanation = try explain(image, class: explaining.className)
                try explaining.use(image, explanation)
                return Prediction(path: file, .classified(explanation.classification))
            }
            let answer: TiledClassification
            if let explaining {
                let explained = try explain(
                    image, tiles: tiling.grid, rule: tiling.rule, class: explaining.className)
                try explaining.use(image, explained.explanation)
                answer = explained.answer
            } else {
                answer = try classify(image, tiles: tiling.grid, rule: tiling.rule)
            }
            let place = answer.place
            return Prediction(
                path: file, .classified(answer.overall),
                place: .init(left: place.left, top: place.top, width: place.width, height: place.height))
        }
    }

    /// Heat maps that are made beside predictions.
    package struct Explaining: Sendable {
        /// Class of the maps; `nil` for the one that is answered.
        let className: String?
        /// Gets a file's index, its image and the explanation, from any thread; what it throws ends the work.
        let use: @Sendable (Int, RGBImage, Explanation) throws -> Void

        package init(
            class className: String?, use: @escaping @Sendable (Int, RGBImage, Explanation) throws -> Void
        ) {
            self.className = className
            self.use = use
        }

        fileprivate func of(_ index: Int) -> OfFile {
            OfFile(className: className) { try use(index, $0, $1) }
        }

        fileprivate struct OfFile {
            let className: String?
            let use: (RGBImage, Explanation) throws -> Void
        }
    }
}

extension Classifier {
    /// Logits, a row an image, and features of images as the model takes them: resized by the evaluation
    /// transform, or of any size if the model resizes by itself.
    ///
    /// - Parameter image: returns image 0 ..< `count`; called on the thread that classifies it and then
    ///   releases it.
    package func outputs(
        _ count: Int, progress: (@Sendable (Int) -> Void)? = nil,
        of image: @escaping @Sendable (Int) throws -> RGBImage
    ) throws -> (logits: ScoreMatrix, features: [[Float]]) {
        let rows = try ParallelMap.run(count, workers: workers, name: "logits", progress: progress) {
            try self.outputs(image($0))
        }
        return (
            try ScoreMatrix(rows.flatMap(\.logits), classCount: description.classes.count),
            rows.map(\.features)
        )
    }

    /// Logits of image files, a row each. Throws `ImageError` for the first that cannot be read.
    package func logits(files: [URL]) throws -> ScoreMatrix {
        let rows = try ParallelMap.run(files.count, workers: workers, name: "logits") {
            try self.withImage(contentsOf: files[$0], self.logits)
        }
        return try ScoreMatrix(rows.flatMap { $0 }, classCount: description.classes.count)
    }
}
