import Foundation
import Synchronization
import TailorFineTuning
import TailorSupport

/// Folders of small images written by this code, deleted with their owner.
public final class MadeImages: Sendable {
    private let folder: TemporaryFolder
    private static let count = Atomic(0)
    public var root: URL { folder.url }

    /// `train/`, `val/` and `test/` of two classes that differ in the direction of their stripes. A pixel of the
    /// test images is unlike that of any other instance, so that a use of the one is none of another.
    public init(train: Int = 12, validation: Int = 6, test: Int = 6, side: Int = 40) throws {
        folder = try TemporaryFolder()
        _ = TestState.folder
        let number = Self.count.add(1, ordering: .relaxed).newValue
        for (split, count) in [("train", train), ("val", validation), ("test", test)] where count > 0 {
            for (name, vertical) in [("across", false), ("upright", true)] {
                for index in 0..<count {
                    var generator = SeededGenerator(
                        seed: UInt64(index), streams: [UInt64(split.utf8.count), vertical ? 1 : 0])
                    let image = try TestImage.greyStripes(vertical: vertical, side: side, using: &generator)
                    var file = image.ppm
                    if split == "test" {
                        file[file.endIndex - 2] = UInt8(truncatingIfNeeded: number >> 8)
                        file[file.endIndex - 1] = UInt8(truncatingIfNeeded: number)
                    }
                    try folder.write(file, to: "\(split)/\(name)/\(index).ppm")
                }
            }
        }
    }

    public func run(_ name: String) -> RunFolder { RunFolder(root.appending(path: "runs/\(name)")) }
}
