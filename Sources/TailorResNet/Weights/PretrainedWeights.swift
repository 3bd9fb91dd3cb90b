import Foundation
import TailorCheckpoints
import TailorSupport
import TailorTensors

/// Weights in memory under torchvision's names, floats as float32.
public struct LoadedWeights {
    public var tensors: [String: Tensor]
    /// Metadata of the file, such as class names; empty for `.pth`.
    public var metadata: [String: String]
    public var origin: WeightsOrigin

    public init(tensors: [String: Tensor], metadata: [String: String] = [:], origin: WeightsOrigin) {
        self.tensors = tensors
        self.metadata = metadata
        self.origin = origin
    }
}

/// Loading of the weights that fine-tuning starts from: cached, downloaded, bundled or from a file.
public enum PretrainedWeights {
    /// File of torchvision's ImageNet weights in PyTorch's cache folder; nil when it is missing. Its content
    /// is not checked.
    public static var cachedImageNet: URL? {
        guard let url = cacheFile(ProcessInfo.processInfo.environment),
            FileManager.default.isReadableFile(atPath: url.path)
        else { return nil }
        return url
    }

    /// Loads weights.
    ///
    /// - Parameters:
    ///   - source: nil for the default: `imagenet` when it is cached or can be fetched, else `bundled`.
    ///   - log: receives lines about which weights are used and why.
    /// - Returns: nil for `.none`.
    /// - Throws: `WeightsError`, `CheckpointError`, `SafetensorsError`, `FileError`, `ContentHashError`.
    public static func load(_ source: WeightsSource?, log: (String) -> Void) throws -> LoadedWeights? {
        try load(
            source, environment: ProcessInfo.processInfo.environment,
            fetch: { url in
                try Download.fetch(url) { log("weights: imagenet, fetching \(url) (45 MB)") }
            }, log: log)
    }

    /// Makes sure that ImageNet's weights lie in the cache, checked by their hash.
    ///
    /// - Returns: path of the file.
    /// - Throws: ``WeightsError`` when they cannot be had or kept, and what `load` throws.
    public static func fetchImageNet(log: (String) -> Void) throws -> String {
        guard let location = try load(.imagenet, log: log)?.origin.location,
            FileManager.default.fileExists(atPath: location)
        else { throw WeightsError.notKept }
        return location
    }

    /// What a file of weights holds, and whether fine-tuning can start from it.
    ///
    /// - Throws: as `load` of a file, but not for weights that do not fit.
    public static func inspect(_ url: URL) throws -> WeightsFacts { try WeightsFile(contentsOf: url).facts }

    /// Loads weights with an injected environment and download.
    ///
    /// - Parameter set: weights that `imagenet` stands for.
    package static func load(
        _ source: WeightsSource?, environment: [String: String], imagenet set: WeightSet = .imagenet,
        fetch: (URL) throws -> Data, log: (String) -> Void
    ) throws -> LoadedWeights? {
        switch source {
        case nil:
            do {
                return try imagenet(set, environment, fetch, log)
            } catch let error as WeightsError {
                return try bundled(log, insteadOfImageNet: error)
            }
        case .imagenet?: return try imagenet(set, environment, fetch, log)
        case .bundled?: return try bundled(log)
        case .none?:
            log("weights: none, starting from random ones")
            return nil
        case .file(let url)?:
            return try file(url, log)
        }
    }

    // MARK: Sources

    private static func file(_ url: URL, _ log: (String) -> Void) throws -> LoadedWeights {
        let file = try WeightsFile(contentsOf: url)
        if let problem = file.facts.problem {
            throw WeightsError.unusable(path: url.path.printable, problem: problem)
        }
        let facts = ["SHA-256 \(file.facts.sha256.prefix(8))"] + file.facts.clauses
        log("weights: \(url.path.printable) (\(facts.joined(separator: "; ")))")
        return LoadedWeights(
            tensors: file.tensors, metadata: file.metadata,
            origin: WeightsOrigin(
                name: url.lastPathComponent, sha256: file.facts.sha256, location: url.path))
    }

    /// - Parameter reason: why these are used where ImageNet's were wanted.
    private static func bundled(
        _ log: (String) -> Void, insteadOfImageNet reason: WeightsError? = nil
    ) throws -> LoadedWeights {
        let set = WeightSet.bundled
        let url = try BundledWeights.url()
        let data = try RegularFile.contents(of: url, maximumBytes: TorchCheckpoint.maximumFileBytes)
        try checkHash(of: data, set, location: url.path)
        let decoded = try WeightsFile.Decoded(data, path: url.path)
        let words = reason.map { "torchvision's \($0.whyNotImageNet)" } ?? "accuracy \(set.accuracy)"
        log("weights: bundled (ImageNet-trained; \(words))")
        return LoadedWeights(
            tensors: try decoded.widened(), metadata: decoded.metadata,
            origin: WeightsOrigin(set, location: url.path))
    }

    private static func imagenet(
        _ set: WeightSet, _ environment: [String: String], _ fetch: (URL) throws -> Data,
        _ log: (String) -> Void
    ) throws -> LoadedWeights {
        let cache = cacheFile(environment)
        if let cache, FileManager.default.fileExists(atPath: cache.path) {
            do {
                let data = try RegularFile.contents(of: cache, maximumBytes: TorchCheckpoint.maximumFileBytes)
                try checkHash(of: data, set, location: cache.path)
                log("weights: imagenet, from \(cache.path.printable)")
                return try imagenet(set, data, location: cache.path)
            } catch let error where error is FileError || error is WeightsError {
                log("the cached weights cannot be used: \(error)")
            }
        }
        guard let url = set.url else { throw WeightsError.bundledMissing(searched: []) }
        let data: Data
        do {
            data = try fetch(url)
        } catch {
            throw WeightsError.unavailable(
                url: url.absoluteString, cache: cache?.path.printable, reason: "\(error)")
        }
        try checkHash(of: data, set, location: url.absoluteString)
        let location = keep(data, at: cache, log) ?? url.absoluteString
        return try imagenet(set, data, location: location)
    }

    private static func imagenet(
        _ set: WeightSet, _ data: Data, location: String
    ) throws -> LoadedWeights {
        LoadedWeights(
            tensors: try WeightsFile.Decoded(data, path: location).widened(),
            origin: WeightsOrigin(set, location: location))
    }

    /// Writes downloaded weights to the cache. Failure is only logged, because the weights are in memory.
    private static func keep(_ data: Data, at cache: URL?, _ log: (String) -> Void) -> String? {
        guard let cache else { return nil }
        do {
            try FileManager.default.createDirectory(
                at: cache.deletingLastPathComponent(), withIntermediateDirectories: true)
            try AtomicFile.write(data, to: cache)
            return cache.path
        } catch {
            log("the fetched weights are not kept for the next time: \(error)")
            return nil
        }
    }

    static func cacheFile(_ environment: [String: String]) -> URL? {
        TorchCache.folder(environment)?.appendingPathComponent(WeightSet.imagenet.fileName)
    }

    private static func checkHash(of data: Data, _ set: WeightSet, location: String) throws {
        let hash = try ContentHash.sha256(data)
        guard hash == set.sha256 else {
            throw WeightsError.wrongHash(location: location.printable, expected: set.sha256, got: hash)
        }
    }
}
