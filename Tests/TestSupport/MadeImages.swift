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
                for index in 0..<count {
                    var generator = SeededGenerator(
                        seed: UInt64(index), streams: [UInt64(split.utf8.count), vertical ? 1 : 0])
                    let image = try TestImage.greyStripes(vertical: vertical, side: side, using: &generator)
                    try folder.write(image.ppm, to: "\(split)/\(name)/\(index).ppm")
                }
            }
        }
    }

    public func run(_ name: String) -> RunFolder { RunFolder(root.appending(path: "runs/\(name)")) }
}
