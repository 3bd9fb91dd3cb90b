import Foundation
import TailorDatasets

/// A made folder of tiny images, removed afterwards.
public final class MadeDataset {
    private let temporary: TemporaryFolder
    public var url: URL { temporary.url }

    public init() throws { temporary = try TemporaryFolder() }

    /// With empty contents these are the images of a folder that is only listed.
    public convenience init(_ paths: [String], empty: Bool = false) throws {
        try self.init()
        for (number, path) in paths.enumerated() {
            try write(empty ? Data() : Self.image(number), to: path)
        }
    }

    public var path: String { url.path }

    public func write(_ data: Data, to relativePath: String) throws {
        try temporary.write(data, to: relativePath)
    }

    public func folder(_ relativePath: String) throws {
        try FileManager.default.createDirectory(
            at: url.appendingPathComponent(relativePath), withIntermediateDirectories: true)
    }

    public func link(_ relativePath: String, to destination: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: url.appendingPathComponent(relativePath).path, withDestinationPath: destination)
    }

    public func fifo(_ relativePath: String) {
        mkfifo(url.appendingPathComponent(relativePath).path, 0o600)
    }

    /// A file of 6 × 4 pixels that differs with the number.
    public static func image(_ number: Int) throws -> Data { try TestImage.numbered(number).ppm }
}

extension [Sample] {
    /// `path label`, for comparison.
    public var lines: [String] { map { "\($0.relativePath) \($0.label)" } }
}
