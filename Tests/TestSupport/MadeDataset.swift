import Foundation
import TailorDatasets

/// A made folder of tiny images, removed afterwards.
public final class MadeDataset {
    public let url: URL

    public init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("tailor-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// With empty contents these are the images of a folder that is only listed.
    public convenience init(_ paths: [String], empty: Bool = false) throws {
        try self.init()
        for (number, path) in paths.enumerated() {
            try write(empty ? Data() : Self.image(number), to: path)
        }
    }

    public var path: String { url.path }

    public func write(_ data: Data, to relativePath: String) throws {
        let file = url.appendingPathComponent(relativePath)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
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

    /// A PPM of 6 × 4 pixels that differs with the number.
    public static func image(_ number: Int, width: Int = 6, height: Int = 4) -> Data {
        var data = Data("P6\n\(width) \(height)\n255\n".utf8)
        for position in 0..<3 * width * height {
            data.append(UInt8(truncatingIfNeeded: position &* 37 &+ number &* 101 &+ number >> 8))
        }
        return data
    }
}

extension [Sample] {
    /// `path label`, for comparison.
    public var lines: [String] { map { "\($0.relativePath) \($0.label)" } }
}
