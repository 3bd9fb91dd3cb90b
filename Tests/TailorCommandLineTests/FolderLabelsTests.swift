import TailorArguments
import TailorCommandLine
import TailorEvaluation
import Testing

/// `predict --labels-from-folders`: answers beside the names of the images' folders.
@Suite struct FolderLabelsTests {
    private func prediction(_ path: String, _ best: Int, of classes: [String]) -> Prediction {
        let probabilities = classes.indices.map { $0 == best ? 0.9 : 0.1 / Double(classes.count - 1) }
        return Prediction(
            path: path,
            .classified(
                Classification(
                    classes: classes, probabilities: probabilities, logits: probabilities.map(Float.init),
                    best: best)))
    }

    @Test func accuracyAndConfusion() throws {
        let classes = ["ant", "bee"]
        let files = ["set/ant/1.png", "set/ant/2.png", "set/bee/3.png", "set/bee/4.png", "set/wasp/5.png"]
        let predictions =
            [0, 1, 1].enumerated().map { prediction(files[$0], $1, of: classes) }
            + [
                Prediction(path: files[3], .unreadable("4.png: the file is empty")),
                prediction(files[4], 0, of: classes),
            ]
        let text = try FolderLabels(of: files, classes: classes).comparison(with: predictions)
        #expect(
            text == """
                By the names of their folders, 2 of 3 images are right: accuracy 0.667 (95 % interval 0.208–0.939).
                Left out: 1 in no folder of a class, 1 unreadable.
                This is no test and is not counted: training may have seen these images. tailor evaluate tests.

                folder, taken for  ant  bee
                ant                  1    1
                bee                  0    1
                """)
    }

    /// A matrix of many classes would not fit: the pairs that were confused, the most frequent first.
    @Test func manyClassesAreListed() throws {
        let classes = (0..<20).map { "c\($0)" }
        let files = (0..<20).map { "c\($0)/x.png" } + ["c3/y.png"]
        let predictions = files.indices.map { index in
            prediction(files[index], index == 20 || index == 3 ? 4 : index, of: classes)
        }
        let text = try FolderLabels(of: files, classes: classes).comparison(with: predictions)
        #expect(text.contains("19 of 21 images are right: accuracy 0.905"))
        #expect(text.hasSuffix("folder  taken for  images\nc3      c4              2"), "\(text)")
    }

    @Test func foldersThatAreNoClassesAreRefused() {
        let error = #expect(throws: UsageError.self) {
            try FolderLabels(of: ["new/1.png", "new/2.png", "old/3.png"], classes: ["ant", "bee"])
        }
        #expect(
            error?.message
                == "--labels-from-folders: no image lies in a folder with the name of a class; folders new, "
                + "old, classes ant, bee")
    }
}
