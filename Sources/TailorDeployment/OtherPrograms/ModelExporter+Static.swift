import Foundation
import TailorEvaluation
import TailorFineTuning
import TailorImages
import TailorInference
import TailorModelFile
import TailorSupport

/// Results of an export for compilers of other makers.
public struct StaticExportReport: Codable, Sendable {
    /// Path of the folder.
    public var path: String
    /// Size of the graph's file in bytes.
    public var bytes: Int
    /// Side of the input in pixels.
    public var imageSize: Int
    public var classCount: Int
    public var calibrationImages: Int
    /// Largest difference between the trained network's logits and the graph's.
    public var differenceFromTraining: Double
    public var comparedImages: Int
}

extension ModelExporter {
    /// Versions of ONNX's format and operator set that compilers of other makers have known for years; the graph needs
    /// nothing newer.
    static let staticVersions: (ir: Int64, opset: Int64) = (7, 13)

    /// Exports to a folder what compilers for other processors ask for: the network in floats with a fixed shape, and
    /// resized training images by which they quantize.
    ///
    /// The folder gets `model.onnx` (`image`, `[1, 3, size, size]`, normalised; `logits`, `[1, classes]`),
    /// `calibration.txt` with the paths of the images, one a line, these in `calibration/` as PNG of the network's size,
    /// and `model.json` with class names, normalisation and temperature.
    ///
    /// Throws ``DeploymentError``, `RunError` if images of the run are gone or changed, `OutputFileError` for a folder
    /// that is there already and holds something else than an earlier export; then nothing is written.
    public func exportStatic(to url: URL) throws -> StaticExportReport {
        try options.validate(classes: trained.record.classes)
        let place = try NewFolder(url, isOwn: StaticModelFolder.isOwn)
        let runImages = try RunImages(trained.folder, record: trained.record, dataset: options.dataset)
        let validation = stratifiedSample(runImages.validation, count: Self.comparedImages)
        guard !validation.isEmpty else {
            throw DeploymentError.noImages(split: "val", why: "the run's dataset.csv lists none")
        }
        let chosen = stratifiedSample(runImages.train, count: options.calibrationImages)
        guard !chosen.isEmpty else {
            throw DeploymentError.noImages(split: "train", why: "calibration needs at least one")
        }
        let record = trained.record
        let graph = ModelFile.serialized(
            NetworkGraph.makeStatic(
                try FoldedNetwork(trained.runner.model), preprocessing: record.preprocessing),
            versions: Self.staticVersions)
        let compared = try resized(validation, from: runImages, name: "reading validation images")
        let difference = try differenceFromTraining(validation, logits(of: graph, compared))
        let paths = chosen.indices.map {
            "\(StaticModelFolder.images)/\(Self.numbered($0 + 1, of: chosen.count)).png"
        }
        let facts = StaticModelFacts(
            record, temperature: trained.temperature, calibrationImages: paths.count)
        let report = self.report
        let read = reader(chosen, runImages)
        try place.build { folder in
            let root = URL(fileURLWithPath: folder, isDirectory: true)
            try AtomicFile.write(graph, to: root.appending(path: "model.onnx"))
            try NewFolder.makeFolders(folder + "/" + StaticModelFolder.images)
            _ = try ParallelMap.run(
                chosen.count, workers: options.threads, name: "write",
                progress: {
                    report(.progress(name: "writing calibration images", done: $0, total: chosen.count))
                }
            ) { index in
                try AtomicFile.write(read(index).pngData(), to: root.appending(path: paths[index]))
            }
            let list = paths.map { $0 + "\n" }.joined()
            try AtomicFile.write(Data(list.utf8), to: root.appending(path: "calibration.txt"))
            try AtomicFile.write(
                SignedText.signed(json: JSONFile.encode(facts)), to: root.appending(path: "model.json"))
        }
        return StaticExportReport(
            path: url.relativePath, bytes: graph.count, imageSize: record.preprocessing.imageSize,
            classCount: record.classes.count, calibrationImages: chosen.count,
            differenceFromTraining: difference, comparedImages: compared.count)
    }

    /// Logits that a graph for one normalised image gives.
    private func logits(of graph: Data, _ images: ResizedImages) throws -> ScoreMatrix {
        let compiled = try CompiledNetwork(
            onnx: graph, input: .pixels(trained.record.preprocessing, batch: 1),
            settings: NetworkSettings(mode: .throughput, threads: options.threads))
        let rows = try compiled.firstOutputs(images.count, workers: options.threads, of: images.image)
        return try ScoreMatrix(rows.flatMap { $0 }, classCount: trained.record.classes.count)
    }

    /// Number with as many digits as the last one has, so that names sort.
    private static func numbered(_ number: Int, of count: Int) -> String {
        let (text, digits) = (String(number), max(4, String(count).count))
        return String(repeating: "0", count: digits - text.count) + text
    }
}

/// The folder that ``ModelExporter/exportStatic(to:)`` writes.
package enum StaticModelFolder {
    static let images = "calibration"

    /// Whether all that lies in a folder is of an earlier export: what others added is not lost.
    package static func isOwn(_ folder: String) -> Bool {
        let manager = FileManager.default
        let root = URL(fileURLWithPath: folder, isDirectory: true)
        func names(_ url: URL) -> Set<String>? {
            (try? manager.contentsOfDirectory(atPath: url.path)).map(Set.init)
        }
        guard let found = names(root), found == ["model.onnx", "model.json", "calibration.txt", images],
            (try? SignedText.isUnchanged(json: root.appending(path: "model.json"))) == true,
            let pictures = names(root.appending(path: images)),
            let list = try? RegularFile.contents(of: root.appending(path: "calibration.txt"))
        else { return false }
        let listed = String(decoding: list, as: UTF8.self).split(separator: "\n").map(String.init)
        return Set(listed) == Set(pictures.map { "\(images)/\($0)" })
    }
}

/// `model.json` beside a graph for compilers of other makers: what they, and whoever reads the answers, must know.
struct StaticModelFacts: Encodable {
    struct Tensor: Encodable {
        let name: String
        let shape: [Int]
        let layout: String
    }

    /// Normalisation: (level − mean) / standardDeviation.
    struct Normalization: Encodable {
        let unit = "grey levels, 0 to 255"
        let channels = "RGB"
        let mean: [Double]
        let standardDeviation: [Double]
    }

    let tailorVersion = TailorVersion.current
    let architecture = "resnet18"
    let input: Tensor
    let output: Tensor
    let normalization: Normalization
    let preprocessing: Preprocessing
    let classes: [String]
    /// Divisor of the logits before the softmax.
    let temperature: Double
    let calibrationImages: Int
    /// SHA-256 of the run's weights.
    let network: String?
    /// See ``SignedText``.
    let signature = SignedText.blank

    init(_ record: RunRecord, temperature: Double, calibrationImages: Int) {
        let preprocessing = record.preprocessing
        let side = preprocessing.imageSize
        input = Tensor(name: GraphNames.input, shape: [1, 3, side, side], layout: "NCHW")
        output = Tensor(name: GraphNames.logits, shape: [1, record.classes.count], layout: "NC")
        normalization = Normalization(
            mean: Self.levels(preprocessing.mean),
            standardDeviation: Self.levels(preprocessing.standardDeviation))
        self.preprocessing = preprocessing
        classes = record.classes
        self.temperature = temperature
        self.calibrationImages = calibrationImages
        network = record.best?.sha256
    }

    /// In grey levels, without the digits that a number of 32 bits does not have.
    private static func levels(_ values: [Float]) -> [Double] { values.map { 255 * (Double("\($0)") ?? 0) } }
}
