import Foundation
import TailorFineTuning
import TailorSupport

/// Folders of small images written by this code, deleted with their owner.
public final class MadeImages: Sendable {
    private let folder: TemporaryFolder
    public var root: URL { folder.url }

    /// `train/`, `val/` and `test/` of two classes that differ in the direction of their stripes.
    public init(train: Int = 12, validation: Int = 6, test: Int = 6, side: Int = 40) throws {
        folder = try TemporaryFolder()
        for (split, count) in [("train", train), ("val", validation), ("test", test)] where count > 0 {
            for (name, vertical) in [("across", false), ("upright", true)] {
                let folder = root.appending(path: "\(split)/\(name)")
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                for index in 0..<count {
                    var generator = SeededGenerator(
                        seed: UInt64(index), streams: [UInt64(split.utf8.count), vertical ? 1 : 0])
                    let data = Self.stripes(vertical: vertical, side: side, using: &generator)
                    try data.write(to: folder.appending(path: "\(index).ppm"))
                }
            }
        }
    }

    public func run(_ name: String) -> RunFolder { RunFolder(root.appending(path: "runs/\(name)")) }

    /// Binary PPM with noise on it.
    private static func stripes(vertical: Bool, side: Int, using generator: inout SeededGenerator) -> Data {
        var data = Data("P6\n\(side) \(side)\n255\n".utf8)
        let phase = generator.integer(below: 8)
        for y in 0..<side {
            for x in 0..<side {
                let bright = ((vertical ? x : y) + phase) / 4 % 2 == 0
                for _ in 0..<3 { data.append(UInt8((bright ? 170 : 60) + generator.integer(below: 30))) }
            }
        }
        return data
    }
}
