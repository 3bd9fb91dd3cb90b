#if os(Linux)
    import Foundation
    import Tailor
    import TailorSupport
    import TestSupport
    import Testing

    /// Every image file is opened once, as the kernel counts it.
    @Suite(.serialized) struct OnePassTests {
        private static func watch(_ images: MadeImages, _ splits: [String]) throws -> FolderWatch {
            try FolderWatch(
                splits.flatMap { split in
                    ["across", "upright"].map { images.root.path + "/\(split)/\($0)" }
                })
        }

        /// `count` files in each of the folders.
        private static func once(_ count: Int, folders: Int) -> [String: Int] {
            Dictionary(uniqueKeysWithValues: (0..<count).map { ("\($0).ppm", folders) })
        }

        @Test func onItsWayIntoTraining() throws {
            let images = try MadeImages(train: 6, validation: 6, test: 0)
            let watch = try Self.watch(images, ["train", "val"])
            try train(images, .tiny(phases: [Phase(trainableFrom: .head, epochs: 2)]), into: "run")
            #expect(watch.opens() == Self.once(6, folders: 4))
        }

        @Test func inAnAuditWithFeatures() throws {
            let images = try MadeImages(train: 6, validation: 6, test: 6)
            let watch = try Self.watch(images, ["train", "val", "test"])
            _ = try DatasetAudit(images.root, options: .init(), weights: { nil }, machine: .init())
            #expect(watch.opens() == Self.once(6, folders: 6))
        }

        @Test func inATest() throws {
            let images = try MadeImages(train: 4, validation: 2, test: 6)
            try train(images, .tiny(phases: [Phase(trainableFrom: .head, epochs: 1)]), into: "run")
            let watch = try Self.watch(images, ["test"])
            _ = try TestEvaluation.run(TrainedModel(images.run("run")), options: .init())
            #expect(watch.opens() == Self.once(6, folders: 2))
        }

        @Test func inAPredictionWithARun() throws {
            let images = try MadeImages(train: 4, validation: 2, test: 6)
            try train(images, .tiny(phases: [Phase(trainableFrom: .head, epochs: 1)]), into: "run")
            let trained = try TrainedModel(images.run("run"))
            let watch = try Self.watch(images, ["test"])
            _ = try Predictor(trained).predict([images.root.path + "/test"])
            #expect(watch.opens() == Self.once(6, folders: 2))
        }
    }
#endif
