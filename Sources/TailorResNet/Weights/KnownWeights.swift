import Foundation
import TailorSupport

/// Weights known by name, and where they lie on this machine.
public struct KnownWeights: Encodable, Sendable, Equatable {
    public enum State: String, Encodable, Sendable {
        /// In the program's own folder.
        case bundled
        /// In PyTorch's cache folder; the content is not checked.
        case cached
        case notCached = "not cached"
        /// Bundled, but not where the program looks.
        case missing
    }

    public let name: String
    public let state: State
    /// Path of the file, or where it would lie; nil when there is no such place.
    public let location: String?
    /// URL of the download; nil for bundled weights.
    public let url: String?
    /// SHA-256 that the file must have, 64 hexadecimal digits.
    public let sha256: String
    public let accuracy: String
    public let licence: String

    /// All that are known, in the order of `--weights`' own list.
    public static func all(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> [KnownWeights] {
        [WeightSet.imagenet, .bundled].map { KnownWeights($0, environment) }
    }

    /// The file of the weights of this name, which must be there.
    ///
    /// - Returns: nil when nothing is known by the name.
    /// - Throws: ``WeightsError`` when it is not there.
    public static func file(
        named name: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> (set: WeightSet, url: URL)? {
        switch name {
        case WeightSet.bundled.name: return (.bundled, try BundledWeights.url())
        case WeightSet.imagenet.name:
            guard let url = PretrainedWeights.cacheFile(environment),
                FileManager.default.fileExists(atPath: url.path)
            else { throw WeightsError.notCached }
            return (.imagenet, url)
        default: return nil
        }
    }

    private init(_ set: WeightSet, _ environment: [String: String]) {
        name = set.name
        url = set.url?.absoluteString
        sha256 = set.sha256
        accuracy = set.accuracy
        licence = set.licence
        if set.url == nil {
            location = try? BundledWeights.url().path
            state = location == nil ? .missing : .bundled
        } else {
            let file = PretrainedWeights.cacheFile(environment)
            location = file?.path
            let isThere = file.map { FileManager.default.isReadableFile(atPath: $0.path) } ?? false
            state = isThere ? .cached : .notCached
        }
    }
}

/// Answer about a file of weights: whose it is, and whether fine-tuning can start from it.
public struct WeightsVerification: Encodable, Sendable, Equatable {
    /// Name of the known weights that the file holds, by its hash.
    public let known: String?
    /// SHA-256 that the file should have; nil when nobody says.
    public let expectedSHA256: String?
    /// What is in the file; nil when it cannot be read as weights.
    public let facts: WeightsFacts?
    /// What is wrong with the file; nil when it can be used.
    public let problem: String?

    public var isUsable: Bool { problem == nil }

    private enum CodingKeys: String, CodingKey {
        case known, facts, problem
        case expectedSHA256 = "expected_sha256"
    }

    /// Reads a file.
    ///
    /// - Parameter set: weights that the file has to be; nil for any.
    /// - Throws: `FileError` and `ContentHashError`. What is wrong with the content is a ``problem``.
    public init(_ url: URL, expected set: WeightSet? = nil) throws {
        expectedSHA256 = set?.sha256
        do {
            let facts = try WeightsFile(contentsOf: url).facts
            known = [WeightSet.imagenet, .bundled].first { $0.sha256 == facts.sha256 }?.name
            self.facts = facts
            if let set, facts.sha256 != set.sha256 {
                problem = "expected SHA-256 \(set.sha256), got \(facts.sha256)"
            } else {
                problem = facts.problem
            }
        } catch let error as any CategorizedError where error is FileError || error.category == .work {
            throw error
        } catch let error as any CategorizedError {
            (known, facts) = (nil, nil)
            // Each of these errors begins with the path, which whoever shows this has already.
            let text = error.description
            let start = url.path.printable + ": "
            problem = text.hasPrefix(start) ? String(text.dropFirst(start.count)) : text
        }
    }
}
