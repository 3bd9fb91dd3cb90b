import Foundation
import TailorAudit
import TailorDatasets
import TailorImages
import TailorSplitting
import Testing

@Suite struct FingerprintTests {
    static func image(
        _ path: String, _ sha: String = String(repeating: "0", count: 64), label: Int? = nil
    ) throws -> ScreenedImage {
        let facts = ImageFacts(
            format: .png, width: 1, height: 1, colorModel: .rgb, bitsPerSample: 8, orientation: .upright)
        var measurement = try ImageMeasurement(
            Data([1]), image: RGBImage(width: 1, height: 1, pixels: [0, 0, 0]), facts: facts)
        measurement.sha256 = sha
        return ScreenedImage(
            sample: Sample(root: "/d", relativePath: path, label: label ?? (path.hasPrefix("b/") ? 1 : 0)),
            split: .train, measurement: measurement)
    }

    /// By Python's hashlib, from the definition.
    @Test func fixedValue() throws {
        let classes = ClassList(names: ["a", "b"])
        let train = [try Self.image("a/1.png"), try Self.image("b/1.png")]
        let fingerprint = try DatasetFingerprint(
            train: train, validation: [try Self.image("a/2.png")], classes: classes)
        #expect(
            fingerprint.classes.sha256 == "fb2961bbab48852b5fc69e54649e63612ed02ad1907dc91d9c70a0a04517092a")
        #expect(
            fingerprint.train.sha256 == "6afdeabdb050aeea59682ded47a01e49985562e04a68f9381cdcac27e8ae4f3c")
        #expect(
            fingerprint.validation.sha256
                == "cf1d951c25dd6fb87ed96b176575e2771d4b40c4def1dddbf5e109a03e882287")
        #expect(fingerprint.sha256 == "8a71ba9e23d9b014d9fa4f5ad3c1af36e7722a8f398d565cab23ddfb280f31a6")
        let turned = try DatasetFingerprint(
            train: train.reversed(), validation: [try Self.image("a/2.png")], classes: classes)
        #expect(turned == fingerprint)
        #expect(turned.differences(from: fingerprint) == [])
    }

    /// A class counts where the path does not say it.
    @Test func labelsThatNoFolderSays() throws {
        let classes = ClassList(names: ["a", "b"])
        func digest(_ path: String, _ label: Int) throws -> String {
            try DatasetFingerprint(
                train: [try Self.image(path, label: label)], validation: [], classes: classes
            ).sha256
        }
        for path in ["a/1.png", "1.png", "train/b/1.png", "b/a/1.png"] {
            #expect(try digest(path, 0) != digest(path, 1), "\(path)")
        }
        func legacy(_ name: String) throws -> String {
            try DatasetFingerprint(
                train: [("1.png", "00", name)], validation: [], classes: classes, withLabels: false
            ).sha256
        }
        #expect(try legacy("a") == legacy("b"))
    }

    @Test func saysWhatChanged() throws {
        let classes = ClassList(names: ["a", "b"])
        let train = [try Self.image("a/1.png"), try Self.image("b/1.png")]
        let before = try DatasetFingerprint(train: train, validation: train, classes: classes)
        let after = try DatasetFingerprint(
            train: [train[0], try Self.image("b/1.png", String(repeating: "1", count: 64))],
            validation: [train[0]],
            classes: ClassList(names: ["a", "b", "c"]))
        #expect(
            after.differences(from: before) == [
                "classes (2 then, 3 now)", "training set (2 images as before, but not the same files)",
                "validation set (2 images then, 1 now)",
            ])
        #expect(after.sha256 != before.sha256)
    }
}
